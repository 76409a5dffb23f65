import { type AssigneeRow, listAssignees } from './queries/assignments'
import { findLatestRunSummaries } from '../engine/views'
import type { TaskRow } from './queries/tasks'
import { LIFECYCLE, listTaskWorkspaces, toProvisionings } from '../workspaces'
import type { AssignedTask, Assignee, Task } from '../../shared/schemas/task'
import { toContributor } from '../contributors'
import { awaitRuns } from '../engine/await-runs'

/** Tasks as the API answers them, with their assignees and workspaces. */
export async function toTasks(rows: TaskRow[]): Promise<Task[]> {
  const ids = rows.map(({ id }) => id)
  const [assignees, workspaces] = await Promise.all([listAssignees(ids), listTaskWorkspaces({ taskIds: ids })])
  const provisionings = await toProvisionings(workspaces)
  const assigneesOf = Map.groupBy(assignees, ({ taskId }) => taskId)
  const workspacesOf = Map.groupBy(workspaces, ({ taskId }) => taskId)
  return rows.map(row => ({
    uuid: row.id,
    challenge_id: row.challengeId,
    parent_task_id: row.parentTaskId,
    slug: row.slug,
    title: row.title,
    description: row.description,
    type: row.type,
    status: row.status,
    created_at: row.createdAt.toISOString(),
    assignees: (assigneesOf.get(row.id) ?? []).map(toAssignee),
    workspaces: (workspacesOf.get(row.id) ?? []).map(({ id, repoId }) => ({ ...provisionings.get(id)!, repo_id: repoId })),
  }))
}

/** A contributor who is assigned to a task, as the API answers it. */
export const toAssignee = (row: AssigneeRow): Assignee => ({ ...toContributor(row), assigned_at: row.assignedAt.toISOString() })

/** A task as the API answers it. */
export const toTask = async (row: TaskRow): Promise<Task> => (await toTasks([row]))[0]!

/** The state of a task's workspaces, once their runs have ended or have taken too long to wait for. */
export async function provisioningOfTask(taskId: string): Promise<AssignedTask['provisioning']> {
  const workspaces = await listTaskWorkspaces({ taskIds: [taskId] })
  const runs = await findLatestRunSummaries(LIFECYCLE, workspaces.map(({ id }) => id))
  await awaitRuns([...runs.values()].map(({ id }) => id))
  const current = await listTaskWorkspaces({ taskIds: [taskId] })
  const provisionings = await toProvisionings(current)
  return current.map(({ id, repoId }) => {
    const workspace = provisionings.get(id)!
    return { repo_id: repoId, status: workspace.status, workspace, ...workspace.error && { error: workspace.error } }
  })
}
