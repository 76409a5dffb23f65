import { z } from 'zod'
import { EVERYTHING } from '../db/scope'
import { listOpenWaits } from '../engine/queries/waits'
import { findLatestRunSummaries } from '../engine/views'
import { findWorkspace, LIFECYCLE, type WorkspaceRecord } from './queries/workspaces'
import type { RunSummary } from '../../shared/schemas/run'
import type { Failure } from '../../shared/schemas/problem'
import type { Provider, Provisioning, Workspace, WorkspaceStatus } from '../../shared/schemas/workspace'
import { observedStateOf } from './observed-state'
import { isRegistered, type WorkspaceProvider } from './providers'

/** Workspaces as the API answers them, by id. */
export async function toProvisionings(read: WorkspaceRecord[]): Promise<Map<string, Provisioning>> {
  const runs = await findLatestRunSummaries(LIFECYCLE, read.map(({ id }) => id))
  const workspaces = await Promise.all(read.map(workspace =>
    isOutdated(workspace, runs.get(workspace.id)) ? readAgain(workspace) : workspace))
  const open = await listOpenWaits([...runs.values()].filter(run => run.status === 'waiting').map(run => run.id))
  const waits = new Map(open.map(({ runId, message, why, fix }) => [runId, { code: 'AWAITS_PERSON', message, why, fix }]))
  return new Map(workspaces.map(workspace => [workspace.id, toProvisioning(workspace, runs.get(workspace.id), waits)]))
}

/** A completed run has written its workspace: a row without that was read before, perhaps long before by a process that was frozen. */
const isOutdated = ({ status }: WorkspaceRecord, run: RunSummary | undefined): boolean =>
  status !== 'ready' && run?.status === 'completed'

const readAgain = async (workspace: WorkspaceRecord): Promise<WorkspaceRecord> => await findWorkspace(workspace.id, EVERYTHING) ?? workspace

/** A workspace as the API answers it. */
export const provisioningOf = async (workspace: WorkspaceRecord): Promise<Provisioning> =>
  (await toProvisionings([workspace])).get(workspace.id)!

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
    error: errorOf(workspace, run, waits),
    run: run ?? null,
  }
}

function errorOf({ status }: WorkspaceRecord, run: RunSummary | undefined, waits: Map<string, Failure>): Failure | null {
  if (run?.status === 'waiting') return waits.get(run.id) ?? null
  // A task's run may have created the challenge's workspace after its own run failed. A failed removal keeps its error.
  const isCreated = status === 'ready' && run?.workflow === 'provision-workspace'
  return isCreated ? null : run?.error ?? null
}

/** The status by the latest run: a cancelled run leaves the row pending, and its retry leaves it failed. */
const statusOf = ({ status }: WorkspaceRecord, run: RunSummary | undefined): WorkspaceStatus => {
  if (status === 'ready' || !run) return status
  return ['pending', 'running', 'waiting'].includes(run.status) ? 'pending' : 'failed'
}

/** A workspace with the state that its provider reported a moment ago. */
export async function toWorkspace(workspace: WorkspaceRecord): Promise<Workspace> {
  const provisioning = await provisioningOf(workspace)
  return {
    ...provisioning,
    kind: workspace.kind,
    challenge_id: workspace.challengeId,
    task_id: workspace.taskId,
    repo_id: workspace.repoId,
    ...await observedStateOf(workspace, provisioning.run),
  }
}

/** A provider as the API answers it. */
export const toProvider = (provider: WorkspaceProvider): Provider => ({
  type: provider.type,
  name: provider.name,
  repoTypes: [...provider.repoTypes],
  registered: isRegistered(provider),
  needs: provider.needs(),
  hasBase: provider.findBase !== undefined,
  options: z.toJSONSchema(provider.options, { io: 'input' }),
})
