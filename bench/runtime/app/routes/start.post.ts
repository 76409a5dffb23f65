import { eq } from 'drizzle-orm'
import { randomUUID } from 'node:crypto'
import { defineEventHandler } from 'h3'
import { start } from 'workflow/api'
import { db } from '../../../../server/db/client'
import { runs } from '../../../../server/db/schema'
import { dispatchRuns } from '../../../../server/engine/queries/fair-queue'
import { recordRun } from '../../../../server/engine/record'
import { atelierRun } from '../workflows/atelier'
import { baselineRun } from '../workflows/baseline'

/** No run waits in the queue here. */
const NO_LIMIT = { all: 1_000, each: 1_000 }

/** Starts one run of the server's variant. */
export default defineEventHandler(async () => {
  if (process.env.BENCH_VARIANT === 'baseline') return void await start(baselineRun, [])
  const items = ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'].map(name => ({ name, item: 'main' }))
  const runId = await db().transaction(async (tx) => {
    const outcome = await recordRun(tx, { workflow: 'provision-course', subjectId: randomUUID(), actor: 'bench', items })
    if (outcome.state !== 'recorded') throw new Error('A run of a new subject was not recorded.')
    // Dispatched already: the watchdog would start the product's own workflow for it.
    await tx.update(runs).set({ dispatchedAt: new Date() }).where(eq(runs.id, outcome.runId))
    return outcome.runId
  })
  // As the product does: a process that records a run dispatches those whose turn it is.
  await dispatchRuns(NO_LIMIT)
  await start(atelierRun, [runId])
})
