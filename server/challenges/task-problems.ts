import type { TaskRow } from './queries/tasks'
import { requireTask } from '../http/require'
import { problem } from '../http/problem'

/** @throws 404 when there is no such task, 422 when it is another challenge's */
export async function checkParent(parentId: string, challengeId: string): Promise<TaskRow> {
  const parent = await requireTask(parentId)
  if (parent.challengeId !== challengeId) throw problem({
    status: 422,
    code: 'FOREIGN_PARENT',
    detail: `The task ${parentId} belongs to another challenge.`,
    why: 'A task and its parts are worked on in the same repositories.',
    fix: 'Name a task of the same challenge as parent_task_id, or leave it out.',
  })
  return parent
}

/** What may stand in the way of a change or an assignment. */
export const taskProblems = {
  cycle: () => problem({
    status: 422,
    code: 'PARENT_CYCLE',
    detail: 'That task is this one itself, or a part of it.',
    why: 'A task cannot be a part of itself.',
    fix: 'Name another task as parent_task_id, or null.',
  }),
  several: () => problem({
    status: 409,
    code: 'SEVERAL_ASSIGNEES',
    detail: 'More than one contributor is at this task.',
    why: 'A solo task is given to one.',
    fix: 'Take it from all but one first: DELETE /api/tasks/{id}/assign.',
  }),
  taken: () => problem({
    status: 409,
    code: 'TASK_TAKEN',
    detail: 'This solo task was given to another contributor.',
    why: 'A solo task is given once, to whoever comes first.',
    fix: 'Choose another task, take it from them first, or make it concurrent.',
  }),
  already: () => problem({
    status: 409,
    code: 'ALREADY_ASSIGNED',
    detail: 'This contributor is at the task already.',
    why: 'A task is given to somebody once.',
    fix: 'Nothing: the task shows its workspaces.',
  }),
  notAssigned: () => problem({
    status: 409,
    code: 'NOT_ASSIGNED',
    detail: 'This contributor is not at the task.',
    why: 'It was never given to them, or was taken from them before.',
    fix: 'Look at its assignees: GET /api/tasks/{id}/assignees.',
  }),
}
