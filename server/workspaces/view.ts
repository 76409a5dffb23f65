import { findLatestRunSummaries } from '../engine/queries/runs'
import { listWaits } from '../ledger/queries/items'
import type { WorkspaceRecord } from './queries/workspaces'
import type { RunSummary } from '../../shared/schemas/run'
import type { Failure } from '../../shared/schemas/problem'
import type { Provisioning, Workspace, WorkspaceStatus } from '../../shared/schemas/workspace'
import { observedStateOf } from './observed-state'

/** Workspaces as the API answers them, by id. */
export async function toProvisionings(workspaces: WorkspaceRecord[]): Promise<Map<string, Provisioning>> {
  const runs = await findLatestRunSummaries(workspaces.map(({ id }) => id))
  const waits = await listWaits([...runs.values()].filter(run => run.status === 'waiting').map(run => run.id))
  return new Map(workspaces.map(workspace => [workspace.id, toProvisioning(workspace, runs.get(workspace.id), waits)]))
}

/** A workspace as the API answers it. */
export const provisioningOf = async (workspace: WorkspaceRecord): Promise<Provisioning> => (await toProvisionings([workspace])).get(workspace.id)!

function toProvisioning(workspace: WorkspaceRecord, run: RunSummary | undefined, waits: Map<string, Failure>): Provisioning {
  const { id, provider, type, ref, url, meta } = workspace
  return {
    workspace_id: id,
    provider,
    workspaceType: type,
    ref,
    url,
    status: statusOf(workspace, run),
    meta,
    error: run?.status === 'waiting' ? waits.get(run.id) ?? null : isMade(workspace, run) ? null : run?.error ?? null,
    run: run ?? null,
  }
}

/** A challenge's workspace that its own run could not make may have been made by a task's since; one that a run could not remove is there, and says why. */
const isMade = ({ status }: WorkspaceRecord, run: RunSummary | undefined) => status === 'ready' && run?.workflow === 'provision-workspace'

/** What its latest run makes of it for people: a cancelled one leaves it pending, a retry of it failed, and neither says so. */
const statusOf = ({ status }: WorkspaceRecord, run: RunSummary | undefined): WorkspaceStatus => {
  if (status === 'ready' || !run) return status
  return ['pending', 'running', 'waiting'].includes(run.status) ? 'pending' : 'failed'
}

/** A workspace with what its provider says of it now. */
export const toWorkspace = async (workspace: WorkspaceRecord): Promise<Workspace> => ({
  ...await provisioningOf(workspace),
  kind: workspace.kind,
  challenge_id: workspace.challengeId,
  task_id: workspace.taskId,
  repo_id: workspace.repoId,
  ...await observedStateOf(workspace),
})
