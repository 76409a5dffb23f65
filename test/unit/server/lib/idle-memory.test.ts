import { constants, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collectGarbageWhenIdle } from '../../../../server/lib/idle-memory.ts'
import { until } from '../../../support/until.ts'

/** https://nodejs.org/api/perf_hooks.html#garbage-collection-gc-details */
const FORCED = constants.NODE_PERFORMANCE_GC_FLAGS_FORCED

let forced = 0
const observer = new PerformanceObserver((list) => {
  forced += (list.getEntries() as { detail?: { flags?: number } }[]).filter(({ detail }) => (detail?.flags ?? 0) & FORCED).length
})
let stop = () => {}

beforeEach(() => {
  forced = 0
  observer.observe({ entryTypes: ['gc'] })
})
afterEach(() => {
  stop()
  observer.disconnect()
})

it('collects what was used before, once, while the process has nothing to do', async () => {
  stop = collectGarbageWhenIdle(100)
  await until(() => forced > 0)
  const collected = forced
  await expect(until(() => forced > collected, { patience: 1_000 })).rejects.toThrow()
})

it('leaves a process alone that works', async () => {
  const allocate = () => Array.from({ length: 1_000 }, (_, n) => ({ n }))
  stop = collectGarbageWhenIdle(250)
  for (const end = performance.now() + 1_000; performance.now() < end; await nextTurn()) allocate()
  expect(forced).toBe(0)
})
