import { audited, auditedLook } from '../ledger'
import { observedStateMs } from '../lib/env'
import { ProviderError, toFailure } from '../lib/errors'
import type { WorkspaceRecord } from './queries/workspaces'
import { providerOf, toExisting } from './provision'
import type { RunSummary } from '../../shared/schemas/run'
import type { Workspace } from '../../shared/schemas/workspace'
import { workspaceContext } from './subject'

type Observation = Pick<Workspace, 'observed' | 'observedError'>

/** Observations that are remembered; the oldest is forgotten for a new one. */
const MAX_KEPT = 10_000
/** A provider that failed may answer a moment later: its failure is not shown for as long as what it reports. */
const FAILURE_KEPT_MS = 2_000

interface Kept { version: string, until: number, observation: Promise<Observation> }

/** What the providers reported, by the id of the workspace, the latest last. */
const kept = new Map<string, Kept>()

/**
 * The state of a created workspace, as its provider reported it a moment ago. All who look share one look, as looks take
 * of the rate limit that the runs need. A change by Atelier itself is seen at once.
 * @param run the latest run of the workspace, read before: what is seen while it works is over when it has ended
 */
export async function observedStateOf(workspace: WorkspaceRecord, run: RunSummary | null): Promise<Observation> {
  if (workspace.status !== 'ready') return { observed: null, observedError: null }
  const { id, ref, meta } = workspace
  const version = JSON.stringify([run?.id, run?.status, ref, meta])
  const last = kept.get(id)
  if (last?.version === version && performance.now() < last.until) return last.observation
  const observation = askProvider(workspace, auditedLook)
  const entry: Kept = { version, until: performance.now() + observedStateMs(), observation }
  kept.delete(id)
  kept.set(id, entry)
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!)
  observation.then(({ observedError }) => {
    if (observedError) entry.until = Math.min(entry.until, performance.now() + FAILURE_KEPT_MS)
  }, () => {
    if (kept.get(id) === entry) kept.delete(id)
  })
  return observation
}

/** Asks the provider for the state of a workspace; a failure of the provider is part of the answer. */
export async function askProvider(workspace: WorkspaceRecord, ask: typeof auditedLook = audited): Promise<Observation> {
  try {
    const observed = await ask(workspaceContext(workspace), () => providerOf(workspace).getStatus(toExisting(workspace)))
    return { observed, observedError: null }
  }
  catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { observed: null, observedError: toFailure(error) }
  }
}
