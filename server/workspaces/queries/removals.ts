import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { db, type Transaction } from '../../db/client'
import { challengeRepos, taskWorkspaces } from '../../db/schema'
import { lockChallenge } from '../../challenges/queries/challenges'
import { forgetResources } from '../../ledger/queries/removals'
import { lockSubject } from '../../engine/queries/retries'
import { findActiveRun, insertRun } from '../../engine/queries/runs'
import type { WorkspaceRecord } from './workspaces'

/** Why a workspace cannot be given up now: a run is at it, or it is not there any more. */
export type NotRemoved = 'busy' | 'gone'

type Which = Pick<WorkspaceRecord, 'id' | 'kind' | 'challengeId'>

const tableOf = ({ kind }: Which) => kind === 'challenge' ? challengeRepos : taskWorkspaces

/** Forgets a workspace that no run is at; what was made stays where it is. @returns undefined when it is done */
export const deleteIdleWorkspace = (workspace: Which): Promise<NotRemoved | undefined> => db().transaction(async (tx) => {
  const refused = await holdIdle(tx, workspace)
  if (!refused) await tx.delete(tableOf(workspace)).where(eq(tableOf(workspace).id, workspace.id))
  return refused
})

/** Writes the run that removes a workspace that no other run is at. @returns its id */
export async function insertDeprovision(tx: Transaction, workspace: Which, actor: string): Promise<{ runId: string } | { refused: NotRemoved }> {
  const refused = await holdIdle(tx, workspace)
  if (refused) return { refused }
  const runId = randomUUID()
  await insertRun(tx, { id: runId, workflow: 'deprovision-workspace', subjectId: workspace.id, actor, items: [{ name: 'REMOVE_WORKSPACE', item: 'main' }] })
  return { runId }
}

/** Keeps runs off a workspace, and tasks from beginning at it, until the transaction ends. */
async function holdIdle(tx: Transaction, workspace: Which): Promise<NotRemoved | undefined> {
  await lockChallenge(tx, workspace.challengeId, 'no key update')
  await lockSubject(tx, workspace.id)
  const table = tableOf(workspace)
  const [row] = await tx.select({ id: table.id }).from(table).where(eq(table.id, workspace.id)).for('update')
  if (!row) return 'gone'
  return await findActiveRun(workspace.id, tx) ? 'busy' : undefined
}

/** Forgets a workspace that was removed, with everything that was made for it. */
export const deleteRemovedWorkspace = (workspace: Which): Promise<void> => db().transaction(async (tx) => {
  await lockChallenge(tx, workspace.challengeId, 'no key update')
  await forgetResources(tx, workspace.id)
  await tx.delete(tableOf(workspace)).where(eq(tableOf(workspace).id, workspace.id))
})
