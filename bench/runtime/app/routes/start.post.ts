import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { defineEventHandler } from 'h3'
import { start } from 'workflow/api'
import { db } from '../../../../server/db/client'
import { insertRun } from '../../../../server/db/queries/runs'
import { callRuns } from '../../../../server/db/queries/turns'
import { runs } from '../../../../server/db/schema'
import { atelierRun } from '../workflows/atelier'
import { baselineRun } from '../workflows/baseline'

/** High enough that no run waits in the queue. */
const UNLIMITED = { all: 1_000, each: 1_000 }

/** Starts one run of the server's variant. */
export default defineEventHandler(async () => {
  if (process.env.BENCH_VARIANT === 'baseline') return void await start(baselineRun, [])
  const id = randomUUID()
  const items = ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'].map(name => ({ name, item: 'main' }))
  await db().transaction(async (tx) => {
    await insertRun(tx, { id, workflow: 'provision-course', subjectId: id, actor: 'bench', items })
    // Marks the run as dispatched. Otherwise the watchdog would dispatch it, and start the product's own workflow.
    await tx.update(runs).set({ calledAt: new Date() }).where(eq(runs.id, id))
  })
  // Dispatches due runs, because the product does so after it records a run.
  await callRuns(UNLIMITED)
  await start(atelierRun, [id])
})
