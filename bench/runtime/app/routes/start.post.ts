import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { defineEventHandler } from 'h3'
import { start } from 'workflow/api'
import { db } from '../../../../server/db/client'
import { insertRun } from '../../../../server/engine/queries/runs'
import { callRuns } from '../../../../server/engine/queries/fair-queue'
import { runs } from '../../../../server/db/schema'
import { ours } from '../workflows/ours'
import { stock } from '../workflows/stock'

/** Nobody is to wait for a turn here. */
const EVERYBODY = { all: 1_000, each: 1_000 }

/** Starts one run of the side that this server stands for. */
export default defineEventHandler(async () => {
  if (process.env.BENCH_SIDE === 'stock') return void await start(stock, [])
  const id = randomUUID()
  const items = ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'].map(name => ({ name, item: 'main' }))
  await db().transaction(async (tx) => {
    await insertRun(tx, { id, workflow: 'provision-course', subjectId: id, actor: 'bench', items })
    // Called already: a watchdog that did so would start the product's own workflow for it.
    await tx.update(runs).set({ calledAt: new Date() }).where(eq(runs.id, id))
  })
  // As the product does: whoever records a run calls those whose turn it is.
  await callRuns(EVERYBODY)
  await start(ours, [id])
})
