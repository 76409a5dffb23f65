import { eq, sql } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { challenges, removedWorkspaces } from '../../db/schema'
import { findActiveRun } from '../../engine/queries/runs'
import { recordRun } from '../../engine/record'
import { forgetResources } from '../../ledger/queries/removals'
import { lockChallenge, tableOf, WORKSPACE_GROUP, type WorkspaceRecord, type WorkspaceRefusal } from './workspaces'

type Which = Pick<WorkspaceRecord, 'id' | 'kind' | 'challengeId'>

/** Deletes a workspace that no run is working on; what was created stays outside. @returns undefined when it is done */
export const deleteIdleWorkspace = (workspace: Which): Promise<WorkspaceRefusal | undefined> => db().transaction(async (tx) => {
  if (!await lockWorkspace(tx, workspace)) return 'gone'
  if (await findActiveRun(WORKSPACE_GROUP, workspace.id, tx)) return 'busy'
  await deleteRow(tx, workspace)
})

/** Writes the run that removes a workspace. @returns its id, or why it cannot be removed now */
export async function insertDeprovision(
  tx: Transaction, workspace: Which, actor: string,
): Promise<{ runId: string } | { refused: WorkspaceRefusal }> {
  if (!await lockWorkspace(tx, workspace)) return { refused: 'gone' }
  const outcome = await recordRun(tx, { workflow: 'deprovision-workspace', subjectId: workspace.id, actor })
  return outcome.state === 'recorded' ? { runId: outcome.runId } : { refused: 'busy' }
}

/** Excludes runs on a workspace, and tasks that start from it, until the transaction ends. False when it was deleted. */
async function lockWorkspace(tx: Transaction, workspace: Which): Promise<boolean> {
  await lockChallenge(tx, workspace.challengeId, 'no key update')
  const table = tableOf(workspace)
  const [row] = await tx.select({ id: table.id }).from(table).where(eq(table.id, workspace.id)).for('update')
  return row !== undefined
}

/** Deletes a workspace that was removed, and records that everything created for it is gone. */
export const deleteRemovedWorkspace = (workspace: Which): Promise<void> => db().transaction(async (tx) => {
  await lockChallenge(tx, workspace.challengeId, 'no key update')
  await forgetResources(tx, workspace.id)
  await deleteRow(tx, workspace)
})

/** Deletes the row of a workspace, and remembers its project. */
async function deleteRow(tx: Transaction, workspace: Which): Promise<void> {
  const { id, challengeId } = workspace
  await tx.execute(sql`
    insert into ${removedWorkspaces} (id, project_id)
    select ${id}::uuid, ${challenges.projectId} from ${challenges} where ${challenges.id} = ${challengeId}
    on conflict (id) do nothing`)
  await tx.delete(tableOf(workspace)).where(eq(tableOf(workspace).id, id))
}
