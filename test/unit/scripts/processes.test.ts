import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startNode, supervise } from '../../../scripts/lib/processes.ts'
import type { Service, Supervised } from '../../../scripts/lib/processes.ts'
import { fixture } from './helpers.ts'

/** A supervised fixture with the lines that were logged about it. */
function start(args: () => string[], whenReady?: Service['whenReady']) {
  const logged: string[] = []
  const supervised = supervise({
    name: 'The service',
    restartNote: 'no data is lost',
    start: () => startNode(fixture('service.ts'), { args: args(), env: process.env }),
    whenReady: whenReady ?? (async (child, signal) => {
      await once(child, 'message', { signal })
    }),
  }, line => logged.push(line))
  onTestFinished(() => supervised.stop(1_000))
  return { supervised, logged }
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  }
  catch {
    return true
  }
}

async function killAndAwaitNext(supervised: Supervised, logged: string[]): Promise<void> {
  const pid = supervised.pid() ?? 0
  const before = logged.length
  process.kill(pid, 'SIGKILL')
  await vi.waitUntil(() => logged.length > before && supervised.pid() !== pid, { timeout: 10_000 })
}

describe('supervise', () => {
  it('restarts a killed process, and logs it', async () => {
    const { supervised, logged } = start(() => [])
    await supervised.ready
    await killAndAwaitNext(supervised, logged)
    expect(logged).toEqual(['The service was ended by SIGKILL and is restarted: no data is lost.'])
  })

  it('ends after three quick crashes', async () => {
    const { supervised, logged } = start(() => ['crash'])
    const message = 'The service ended with exit code 3, for the 3rd time in a row. It is not restarted.'
    await expect(supervised.ready).rejects.toThrow(message)
    await expect(supervised.ended).rejects.toThrow(message)
    expect(logged).toHaveLength(2)
  })

  it('does not restart after a configuration error', async () => {
    const { supervised, logged } = start(() => ['misconfigured'])
    await expect(supervised.ready).rejects.toThrow('The service cannot start with these settings')
    expect(logged).toEqual([])
  })

  it('resets the count of quick crashes when the process is ready', async () => {
    const args = [['crash'], ['crash'], []]
    const { supervised, logged } = start(() => args.shift() ?? [])
    await supervised.ready
    for (let kills = 0; kills < 3; kills++) {
      await killAndAwaitNext(supervised, logged)
      await vi.waitUntil(() => !isDead(supervised.pid() ?? 0))
    }
    expect(logged).toHaveLength(5)
  })

  it('does not restart after a stop', async () => {
    const { supervised, logged } = start(() => [])
    await supervised.ready
    const pid = supervised.pid() ?? 0
    await supervised.stop(5_000)
    await supervised.ended
    expect(isDead(pid)).toBe(true)
    expect(logged).toEqual([])
  })

  it('can stop a process that is not ready yet', async () => {
    const { supervised } = start(() => [], () => new Promise(() => {}))
    await supervised.stop(5_000)
    await supervised.ended
  })
})
