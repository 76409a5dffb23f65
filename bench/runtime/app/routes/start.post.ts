import { randomUUID } from 'node:crypto'
import { defineEventHandler } from 'h3'
import { start } from 'workflow/api'
import { db } from '../../../../server/db/client'
import { insertRun } from '../../../../server/db/queries/runs'
import { ours } from '../workflows/ours'
import { stock } from '../workflows/stock'

/** Starts one run of the side that this server stands for. */
export default defineEventHandler(async () => {
  if (process.env.BENCH_SIDE === 'stock') return void await start(stock, [])
  const id = randomUUID()
  const items = ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'].map(name => ({ name, item: 'main' }))
  await db().transaction(tx => insertRun(tx, { id, workflow: 'provision-course', subjectId: id, actor: 'bench', items }))
  await start(ours, [id])
})
