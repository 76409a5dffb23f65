import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { planChaos } from '../../scripts/chaos/plan.ts'
import { runChaos } from '../../scripts/chaos/run.ts'

const DURATION_MS = 18_000
/** Other suites share the machine. */
const SETTLE_MS = 150_000

/** A short `npm run chaos`; how soon survivors go on is for the long one, on a machine of its own. */
it('nothing is lost, doubled or stranded in a short chaos', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-chaos-'))
  const seed = randomInt(2 ** 31)
  const plan = planChaos({ seed, durationMs: DURATION_MS, processes: 2 })
  const stack = new AsyncDisposableStack()
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  onTestFinished(() => stack.disposeAsync())
  const lines: string[] = [`seed ${seed}`]
  const { findings, unexplainedAttempts, lateStops, ...figures } = await runChaos(plan, {
    dataDir, settleMs: SETTLE_MS, log: line => lines.push(line),
  }, stack)
  console.log(lines.join('; '), JSON.stringify(figures))
  expect({ findings, unexplainedAttempts, lateStops }, lines.join('\n')).toEqual({ findings: [], unexplainedAttempts: 0, lateStops: 0 })
  expect(figures.kills + figures.outages).toBeGreaterThan(0)
})
