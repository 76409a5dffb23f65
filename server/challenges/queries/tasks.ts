import { and, asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { db } from '../../db/client'
import { isTaken } from '../../db/errors'
import { paged, removeRow, type Removal } from '../../db/lists'
import { taskAssignees, tasks } from '../../db/schema'
import { boundChallenges, type Scope, within } from '../../db/scope'
import { lockChallenge } from '../../workspaces'
import type { Page } from '../../../shared/schemas/page'
import type { ChangedTask, NewTask, TaskListQuery } from '../../../shared/schemas/task'
import { workspaceSlug } from '../../../shared/utils/workspace-slugs'

export type TaskRow = typeof tasks.$inferSelect

/** Writes a task, with a slug that no other of its challenge has; undefined when the challenge is gone. */
export const insertTask = (input: NewTask): Promise<TaskRow | undefined> => db().transaction(async (tx) => {
  const challenge = await lockChallenge(tx, input.challenge_id, 'no key update')
  if (!challenge) return undefined
  const others = await tx.select({ slug: tasks.slug }).from(tasks).where(eq(tasks.challengeId, challenge.id))
  const [row] = await tx.insert(tasks).values({
    challengeId: challenge.id,
    parentTaskId: input.parent_task_id,
    slug: workspaceSlug('task', challenge.index, input.title, others.map(({ slug }) => slug)),
    title: input.title,
    description: input.description,
    type: input.type,
  }).returning()
  return row
})

const isWithin = (scope: Scope) => within(scope, tasks.challengeId, boundChallenges)

/** The task with that id, if it is in the scope. */
export async function findTask(id: string, scope: Scope): Promise<TaskRow | undefined> {
  return (await db().select().from(tasks).where(and(eq(tasks.id, id), isWithin(scope))))[0]
}

/** A page of the tasks in the scope, oldest first. */
export function listTasks({ challenge_id, status, ...query }: z.output<typeof TaskListQuery>, scope: Scope): Promise<Page<TaskRow>> {
  const where = and(
    isWithin(scope), challenge_id ? eq(tasks.challengeId, challenge_id) : undefined, status ? eq(tasks.status, status) : undefined,
  )
  return paged(query, db().$count(tasks, where), (limit, offset) =>
    db().select().from(tasks).where(where).orderBy(asc(tasks.createdAt), tasks.id).limit(limit).offset(offset))
}

/** `cycle`: the new parent is the task itself or one of its subtasks; `several`: a solo task cannot have several assignees. */
export type TaskChange = TaskRow | 'cycle' | 'several' | undefined

/** Changes the given fields; undefined when there is no such task. */
export const updateTask = ({ id, challengeId }: TaskRow, changes: ChangedTask): Promise<TaskChange> => db().transaction(async (tx) => {
  // Two concurrent changes of parents could form a cycle that neither sees.
  await lockChallenge(tx, challengeId, 'no key update')
  if (changes.parent_task_id) {
    const [cycle] = await tx.execute(sql`
      with recursive up as (
        select id, parent_task_id from tasks where id = ${changes.parent_task_id}
        union all select task.id, task.parent_task_id from tasks task join up on task.id = up.parent_task_id)
      select 1 from up where id = ${id}`)
    if (cycle) return 'cycle' as const
  }
  const { title, description, parent_task_id: parentTaskId, type, status } = changes
  const [row] = await tx.update(tasks).set({ title, description, parentTaskId, type, status }).where(eq(tasks.id, id)).returning()
  if (row && changes.type) await tx.update(taskAssignees).set({ isSolo: row.type === 'solo' }).where(eq(taskAssignees.taskId, id))
  return row
}).catch((error: unknown) => {
  if (isTaken(error)) return 'several' as const
  throw error
})

/** Removes a task of the scope that has neither workspaces nor subtasks. */
export const deleteTask = (id: string, scope: Scope): Promise<Removal> => removeRow(tasks, id, isWithin(scope))
