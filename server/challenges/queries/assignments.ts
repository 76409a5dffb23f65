import { and, asc, eq, exists, inArray, notExists } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { contributors, taskAssignees, tasks, taskWorkspaces } from '../../db/schema'
import type { ContributorRow } from '../../contributors'
import type { TaskRow } from './tasks'
import { insertWorkspace, listChallengeWorkspaces, lockChallenge, type NewWorkspace, type WorkspaceRecord } from '../../workspaces'

/** Plans a task's workspace where its challenge has one. */
export type PlanOfTask = (link: WorkspaceRecord, slug: string) => NewWorkspace

/** The outcome of an assignment. `gone`: the task or the contributor was deleted in the meantime. */
export type Assignment = { state: 'assigned', assignedAt: Date } | { state: 'already' | 'taken' | 'gone' }

export interface AssigneeRow extends ContributorRow { taskId: string, assignedAt: Date }

/**
 * Assigns a task to a contributor, and writes every workspace that it lacks, each with its run: one
 * for each repository that its challenge is linked to.
 */
export async function insertAssignment(
  tx: Transaction, task: TaskRow, by: { userId: string, actor: string, plan: PlanOfTask },
): Promise<Assignment> {
  // Locked in this order. Links change only under the first lock: else a link and an assignment would miss each other.
  await lockChallenge(tx, task.challengeId, 'share')
  const [now] = await tx.select({ type: tasks.type }).from(tasks).where(eq(tasks.id, task.id)).for('no key update')
  const [user] = await tx.select({ id: contributors.id }).from(contributors).where(eq(contributors.id, by.userId)).for('key share')
  if (!now || !user) return { state: 'gone' }
  const isSolo = now.type === 'solo'
  const others = await tx.select({ userId: taskAssignees.userId }).from(taskAssignees).where(eq(taskAssignees.taskId, task.id))
  if (others.some(({ userId }) => userId === by.userId)) return { state: 'already' }
  if (isSolo && others.length) return { state: 'taken' }
  const [row] = await tx.insert(taskAssignees).values({ taskId: task.id, userId: by.userId, isSolo }).returning()
  for (const link of await listChallengeWorkspaces({ challengeId: task.challengeId }, tx))
    await insertWorkspace(tx, { taskId: task.id }, by.plan(link, task.slug), by.actor)
  return { state: 'assigned', assignedAt: row!.assignedAt }
}

/** Writes the missing workspaces of tasks that were assigned before their challenge was linked to a repository. */
export async function insertTaskWorkspaces(
  tx: Transaction, link: WorkspaceRecord, by: { actor: string, plan: PlanOfTask },
): Promise<void> {
  const assigned = tx.select().from(taskAssignees).where(eq(taskAssignees.taskId, tasks.id))
  const existing = tx.select().from(taskWorkspaces)
    .where(and(eq(taskWorkspaces.taskId, tasks.id), eq(taskWorkspaces.repoId, link.repoId)))
  const lacking = await tx.select({ id: tasks.id, slug: tasks.slug }).from(tasks)
    .where(and(eq(tasks.challengeId, link.challengeId), exists(assigned), notExists(existing)))
    .orderBy(asc(tasks.createdAt), tasks.id)
  for (const { id, slug } of lacking) await insertWorkspace(tx, { taskId: id }, by.plan(link, slug), by.actor)
}

/** Unassigns a contributor from a task; its workspaces stay. False when they were not assigned. */
export async function deleteAssignment(taskId: string, userId: string): Promise<boolean> {
  const rows = await db().delete(taskAssignees)
    .where(and(eq(taskAssignees.taskId, taskId), eq(taskAssignees.userId, userId)))
    .returning({ taskId: taskAssignees.taskId })
  return rows.length > 0
}

/** The assignees of these tasks, the first one first. */
export async function listAssignees(taskIds: string[]): Promise<AssigneeRow[]> {
  if (!taskIds.length) return []
  const { taskId, userId, assignedAt } = taskAssignees
  const rows = await db().select({ contributor: contributors, taskId, assignedAt }).from(taskAssignees)
    .innerJoin(contributors, eq(contributors.id, userId))
    .where(inArray(taskId, taskIds)).orderBy(asc(assignedAt), contributors.id)
  return rows.map(({ contributor, ...rest }) => ({ ...contributor, ...rest }))
}
