import { and, asc, eq, exists, inArray, notExists } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { contributors, taskAssignees, tasks, taskWorkspaces } from '../../db/schema'
import type { ContributorRow } from '../../contributors'
import type { TaskRow } from './tasks'
import { insertWorkspace, listChallengeWorkspaces, lockChallenge, type NewWorkspace, type WorkspaceRecord } from '../../workspaces'

/** What a task's workspace is to be where its challenge has one. */
export type PlanOfTask = (link: WorkspaceRecord, slug: string) => NewWorkspace

/** What came of giving a task to somebody. `gone`: the task, or who was to have it, was deleted meanwhile. */
export type Assignment = { state: 'assigned', assignedAt: Date } | { state: 'already' | 'taken' | 'gone' }

export interface AssigneeRow extends ContributorRow { taskId: string, assignedAt: Date }

/**
 * Gives a task to a contributor, and writes every workspace that it lacks, each with its run: one
 * for each repository that its challenge is linked to.
 */
export async function insertAssignment(tx: Transaction, task: TaskRow, by: { userId: string, actor: string, plan: PlanOfTask }): Promise<Assignment> {
  // In this order, and links change only under the first lock: else neither would see the other's.
  await lockChallenge(tx, task.challengeId, 'share')
  const [now] = await tx.select({ type: tasks.type }).from(tasks).where(eq(tasks.id, task.id)).for('no key update')
  const [who] = await tx.select({ id: contributors.id }).from(contributors).where(eq(contributors.id, by.userId)).for('key share')
  if (!now || !who) return { state: 'gone' }
  const isSolo = now.type === 'solo'
  const others = await tx.select({ userId: taskAssignees.userId }).from(taskAssignees).where(eq(taskAssignees.taskId, task.id))
  if (others.some(({ userId }) => userId === by.userId)) return { state: 'already' }
  if (isSolo && others.length) return { state: 'taken' }
  const [row] = await tx.insert(taskAssignees).values({ taskId: task.id, userId: by.userId, isSolo }).returning()
  for (const link of await listChallengeWorkspaces({ challengeId: task.challengeId }, tx))
    await insertWorkspace(tx, { taskId: task.id }, by.plan(link, task.slug), by.actor)
  return { state: 'assigned', assignedAt: row!.assignedAt }
}

/** Writes the workspaces that tasks which were assigned before lack in a repository that their challenge is linked to now. */
export async function insertTaskWorkspaces(tx: Transaction, link: WorkspaceRecord, by: { actor: string, plan: PlanOfTask }): Promise<void> {
  const assigned = tx.select().from(taskAssignees).where(eq(taskAssignees.taskId, tasks.id))
  const made = tx.select().from(taskWorkspaces).where(and(eq(taskWorkspaces.taskId, tasks.id), eq(taskWorkspaces.repoId, link.repoId)))
  const lacking = await tx.select({ id: tasks.id, slug: tasks.slug }).from(tasks)
    .where(and(eq(tasks.challengeId, link.challengeId), exists(assigned), notExists(made))).orderBy(asc(tasks.createdAt), tasks.id)
  for (const { id, slug } of lacking) await insertWorkspace(tx, { taskId: id }, by.plan(link, slug), by.actor)
}

/** Takes a task from a contributor; its workspaces stay. False when it was not theirs. */
export async function deleteAssignment(taskId: string, userId: string): Promise<boolean> {
  const rows = await db().delete(taskAssignees).where(and(eq(taskAssignees.taskId, taskId), eq(taskAssignees.userId, userId))).returning({ taskId: taskAssignees.taskId })
  return rows.length > 0
}

/** Who is at these tasks, the first first. */
export async function listAssignees(taskIds: string[]): Promise<AssigneeRow[]> {
  if (!taskIds.length) return []
  const rows = await db().select({ contributor: contributors, taskId: taskAssignees.taskId, assignedAt: taskAssignees.assignedAt }).from(taskAssignees)
    .innerJoin(contributors, eq(contributors.id, taskAssignees.userId))
    .where(inArray(taskAssignees.taskId, taskIds)).orderBy(asc(taskAssignees.assignedAt), contributors.id)
  return rows.map(({ contributor, ...rest }) => ({ ...contributor, ...rest }))
}
