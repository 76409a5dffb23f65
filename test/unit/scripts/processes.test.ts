import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startNode, supervise } from '../../../scripts/lib/processes.ts'
import type { Service, Supervised } from '../../../scripts/lib/processes.ts'
import { fixture } from './helpers.ts'

/** A supervised fixture, and all that was said about it. */
function start(args: () => string[], whenReady?: Service['whenReady']) {
  const said: string[] = []
  const supervised = supervise({
    name: 'The service',
    comfort: 'nothing is lost',
    start: () => startNode(fixture('service.ts'), { args: args(), env: process.env }),
    whenReady: whenReady ?? (async (child, signal) => {
      await once(child, 'message', { signal })
    }),
  }, line => said.push(line))
  onTestFinished(() => supervised.stop(1_000))
  return { supervised, said }
}

async function isDead(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
    return false
  }
  catch {
    return true
  }
}

async function killAndAwaitNext(supervised: Supervised, said: string[]): Promise<void> {
  const pid = supervised.pid() ?? 0
  const before = said.length
  process.kill(pid, 'SIGKILL')
  await vi.waitUntil(() => said.length > before && supervised.pid() !== pid, { timeout: 10_000 })
}

describe('supervise', () => {
  it('starts it again whenever it was killed, and says so in a line', async () => {
    const { supervised, said } = start(() => [])
    await supervised.ready
    await killAndAwaitNext(supervised, said)
    expect(said).toEqual(['The service was ended by SIGKILL and is started again: nothing is lost.'])
  })

  it('gives up after three deaths by its own fault', async () => {
    const { supervised, said } = start(() => ['die'])
    await expect(supervised.ready).rejects.toThrow('The service ended with exit code 3, for the 3rd time in a row: given up.')
    await expect(supervised.ended).rejects.toThrow('given up')
    expect(said).toHaveLength(2)
  })

  it('gives up at once what says that it is set up wrongly', async () => {
    const { supervised, said } = start(() => ['misconfigured'])
    await expect(supervised.ready).rejects.toThrow('The service cannot start with these settings')
    expect(said).toEqual([])
  })

  it('forgets earlier deaths once it has lived', async () => {
    const args = [['die'], ['die'], []]
    const { supervised, said } = start(() => args.shift() ?? [])
    await supervised.ready
    for (let kills = 0; kills < 3; kills++) {
      await killAndAwaitNext(supervised, said)
      await vi.waitUntil(async () => !await isDead(supervised.pid() ?? 0))
    }
    expect(said).toHaveLength(5)
  })

  it('is not started again after it was stopped', async () => {
    const { supervised, said } = start(() => [])
    await supervised.ready
    const pid = supervised.pid() ?? 0
    await supervised.stop(5_000)
    await supervised.ended
    expect(await isDead(pid)).toBe(true)
    expect(said).toEqual([])
  })

  it('can be stopped while it is not ready yet', async () => {
    const { supervised } = start(() => [], () => new Promise(() => {}))
    await supervised.stop(5_000)
    await supervised.ended
  })
})
