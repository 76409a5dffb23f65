import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { benchAgainst } from './compare/index.ts'
import { benchLaboratory, benchLectures, benchPost } from './courses.ts'
import { startBench } from './lib/bench.ts'
import { type Figure, print } from './lib/figures.ts'
import { benchLoad } from './load/index.ts'
import { benchRateLimits } from './rate-limits.ts'
import { benchRuntime } from './runtime/index.ts'
import { benchStart } from './start.ts'
import { benchStatements } from './statements.ts'
import { benchWorkspaces } from './workspaces.ts'

/**
 * `npm run bench` runs all benchmarks except the long ones, `load` and `rate-limits`. `npm run bench -- courses` runs
 * one: `courses`, `workspaces`, `runtime`, `start`, `load` or `rate-limits` (also under its earlier name, `budgets`).
 * `npm run bench -- against <folder>` measures by turns with an earlier checkout.
 */
const only = process.argv[2] === 'budgets' ? 'rate-limits' : process.argv[2]
const isSelected = (name: string) => !only || only === name

// All queued courses must fit into one Discord server.
if (only === 'load') process.env.QUEUED_RUNS_EACH ??= '100'

/** By then an idle server has given back what it no longer needs. */
const UNTIL_IDLE_MS = 16_000

const dataDir = await mkdtemp(join(tmpdir(), 'atelier-bench-'))
const figures: Figure[] = []
try {
  if (['courses', 'workspaces', 'start'].some(isSelected) || only === 'load') {
    await using stack = new AsyncDisposableStack()
    const bench = await startBench(dataDir, stack)
    await wait(UNTIL_IDLE_MS)
    figures.push({ name: 'memory of the idle server', value: bench.memory(), unit: 'MB', target: 120 })
    if (isSelected('courses')) {
      for (const benchmark of [benchLaboratory, benchLectures, benchPost]) figures.push(...await benchmark(bench))
      figures.push(...await benchStatements(bench, dataDir))
      figures.push({ name: 'memory of the server after the load', value: bench.memory(), unit: 'MB' })
      await wait(UNTIL_IDLE_MS)
      figures.push({ name: 'the same, idle again', value: bench.memory(), unit: 'MB' })
    }
    if (isSelected('workspaces')) figures.push(...await benchWorkspaces(bench))
    if (only === 'load') figures.push(...await benchLoad(bench))
  }
  if (only === 'against') figures.push(...await benchAgainst(process.argv[3] ?? '.'))
  if (only === 'rate-limits') figures.push(...await benchRateLimits(dataDir))
  if (isSelected('runtime')) figures.push(...await benchRuntime())
  if (isSelected('start')) figures.push(...await benchStart(dataDir))
}
finally {
  await rm(dataDir, { recursive: true, force: true })
}
print(figures)
