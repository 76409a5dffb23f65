import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchBudgets } from './budgets.ts'
import { benchLaboratory, benchLectures, benchPost } from './courses.ts'
import { startBench } from './lib/atelier.ts'
import { type Figure, print } from './lib/figures.ts'
import { benchLoad } from './load/index.ts'
import { benchRuntime } from './runtime/index.ts'
import { benchStart } from './start.ts'
import { benchWorkspaces } from './workspaces.ts'

/** `npm run bench`: everything but what takes minutes; `npm run bench -- courses`, `-- workspaces`, `-- runtime`, `-- start` or `-- budgets`: that part. */
const only = process.argv[2]
// What the queue takes on has to fit into one Discord server.
if (only === 'load') process.env.QUEUED_RUNS_EACH ??= '100'

const dataDir = await mkdtemp(join(tmpdir(), 'atelier-bench-'))
const figures: Figure[] = []
try {
  if (!only || ['courses', 'workspaces', 'load', 'start'].includes(only)) {
    await using stack = new AsyncDisposableStack()
    const bench = await startBench(dataDir, stack)
    figures.push({ name: 'memory of the idle server', value: bench.memory(), unit: 'MB', aim: 300 })
    if (!only || only === 'courses') {
      for (const part of [benchLaboratory, benchLectures, benchPost]) figures.push(...await part(bench))
      figures.push({ name: 'memory of the server after the load', value: bench.memory(), unit: 'MB' })
    }
    if (!only || only === 'workspaces') figures.push(...await benchWorkspaces(bench))
    if (only === 'load') figures.push(...await benchLoad(bench))
  }
  if (only === 'budgets') figures.push(...await benchBudgets(dataDir))
  if (!only || only === 'runtime') figures.push(...await benchRuntime())
  if (!only || only === 'start') figures.push(...await benchStart(dataDir))
}
finally {
  await rm(dataDir, { recursive: true, force: true })
}
print(figures)
