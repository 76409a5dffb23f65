import { db } from '../db/client'
import { EVERYTHING } from '../db/scope'
import { log } from '../lib/log'
import { findConfig } from '../lib/workflow-configs'
import { makeItemDue } from '../ledger/queries/items'
import { findOpenWait, listAnsweredWaits, recordAnswer, type WaitRow } from './queries/waits'
import { findRunRow, type RunRow } from './queries/runs'
import { makeStepsDue } from './queries/runtime'
import { enqueueStep, resumeExecution } from './runtime/adapter'
import { subjectOf } from './subjects'

export type AnswerOutcome
  = | { state: 'answered' }
    | { state: 'not-waiting' }
    | { state: 'invalid', issues: { path: PropertyKey[], message: string }[] }

/** Which wait of a run is answered. */
export type Which = { id: string } | { kind: string }

/**
 * Answers a wait of a run, and resumes the run: the only way to do so, for the API, webhooks and pages that redirect
 * people back. The subject may check and record the answer; both are committed together. The watchdog resumes the run
 * if that is lost. The caller has looked whether the run is in its scope.
 * @throws what the subject throws for an answer that it does not accept
 */
export async function answerWait(runId: string, which: Which, answer: unknown, actor: string): Promise<AnswerOutcome> {
  const [run, wait] = await Promise.all([findRunRow(runId, EVERYTHING), findOpenWait(runId, which)])
  if (!run || !wait) return { state: 'not-waiting' }
  if (wait.token === null) return lookNow(run, wait)
  const parsed = schemaOf(run.workflow, wait.kind)?.safeParse(answer)
  if (parsed?.error) return { state: 'invalid', issues: parsed.error.issues }
  const accepted = parsed?.data ?? answer
  const record = await subjectOf(run.subjectType)?.acceptAnswer?.({ runId, kind: wait.kind, subjectId: run.subjectId }, accepted)
  const isFirst = await db().transaction(async (tx) => {
    const recorded = await recordAnswer(tx, wait.id, accepted, actor)
    if (recorded) await record?.(tx)
    return recorded
  })
  if (!isFirst) return { state: 'not-waiting' }
  await resume({ ...wait, answer: accepted }, run.workflow)
  return { state: 'answered' }
}

/** The schema of an answer, from workflows.config.ts. */
export const schemaOf = (workflow: string, kind: string) => findConfig(workflow)?.waits?.[kind]?.answer

/** An item that waits for a person finds the answer itself: this makes it look now. */
async function lookNow(run: RunRow, { kind }: WaitRow): Promise<AnswerOutcome> {
  const [step = '', item = ''] = kind.split(' ')
  if (!await makeItemDue({ runId: run.id, step, item })) return { state: 'not-waiting' }
  const steps = run.runtimeRunId ? await makeStepsDue(run.runtimeRunId) : []
  await Promise.all(steps.map(enqueueStep))
  return { state: 'answered' }
}

async function resume(wait: WaitRow, workflow: string): Promise<void> {
  try {
    await resumeExecution(wait.token!, wait.answer, schemaOf(workflow, wait.kind))
  }
  catch (error) {
    log.warn({ error, runId: wait.runId, kind: wait.kind }, 'The waiting run could not be resumed yet. The watchdog resumes it.')
  }
}

/** Resumes runs that still wait although their answer was recorded. @returns how many */
export async function resumeAnswered(): Promise<number> {
  const waits = await listAnsweredWaits()
  for (const wait of waits) {
    const run = await findRunRow(wait.runId, EVERYTHING)
    if (run) await resume(wait, run.workflow)
  }
  return waits.length
}
