import type { z } from 'zod'
import { startRun } from '../engine/dispatch'
import { notFound, problem } from '../http/problem'
import { planTaskWorkspace } from '../workspaces'
import type { AssignedTask, AssignTask } from '../../shared/schemas/task'
import { insertAssignment } from './queries/assignments'
import type { TaskRow } from './queries/tasks'

interface Request { actor: string, body: z.output<typeof AssignTask>, idempotencyKey?: string }

/**
 * Assigns a task to a contributor. The first assignment also starts the runs that create its workspaces.
 * @throws 404, 409
 */
export async function assignTask(task: TaskRow, { actor, body, idempotencyKey }: Request): Promise<AssignedTask['assignment']> {
  const { userId } = body
  const outcome = await startRun({ actor, request: `assign ${task.id}`, body, idempotencyKey }, async (tx) => {
    const assignment = await insertAssignment(tx, task, { userId, actor, plan: planTaskWorkspace })
    if (assignment.state === 'gone') throw notFound('task or contributor', `${task.id}, ${userId}`)
    if (assignment.state !== 'assigned') throw problem(assignment.state === 'taken' ? 'TASK_TAKEN' : 'ALREADY_ASSIGNED')
    return { task_id: task.id, user_id: userId, assigned_at: assignment.assignedAt.toISOString() }
  })
  if (outcome.state === 'key-reused') throw problem('IDEMPOTENCY_KEY_REUSED')
  return outcome.recorded
}
