import { describe, expect, it, vi } from 'vitest'
import { runConcurrently, withinWorkGroup } from '../../../../server/ledger/concurrency.ts'
import type { Outcome } from '../../../../server/ledger/outcome.ts'

const done: Outcome<string> = { state: 'done', value: 'made' }
const inMs = (ms: number): Outcome<string> => ({ state: 'later', at: performance.now() + ms })
const HOUR = 3_600_000

describe('concurrent work', () => {
  it('repeats an attempt that is due while another one still works', async () => {
    const second = Promise.withResolvers<Outcome<string>>()
    const attempts = vi.fn<() => Promise<Outcome<string>>>().mockResolvedValueOnce(inMs(10)).mockImplementationOnce(async () => {
      second.resolve(done)
      return done
    })
    // The slow one ends only when the other has been repeated.
    const slow = () => second.promise
    expect(await runConcurrently([slow, attempts], async attempt => [await withinWorkGroup(attempt)])).toEqual([done, done])
  })

  it('goes on while a part passes from one attempt to its next', async () => {
    const second = Promise.withResolvers<Outcome<string>>()
    const attempts = vi.fn<() => Promise<Outcome<string>>>().mockResolvedValueOnce(inMs(50)).mockImplementationOnce(async () => {
      second.resolve(done)
      return done
    })
    const chain = async () => [await withinWorkGroup(() => Promise.resolve(done)), await withinWorkGroup(() => second.promise)]
    expect(await runConcurrently([chain, async () => [await withinWorkGroup(attempts)]], work => work())).toEqual([done, done, done])
  })

  it('waits for nothing when all attempts are postponed', async () => {
    const attempts = vi.fn(() => Promise.resolve(inMs(HOUR)))
    const outcomes = await runConcurrently([1, 2, 3], async () => [await withinWorkGroup(attempts)])
    expect(outcomes.map(({ state }) => state)).toEqual(['later', 'later', 'later'])
    expect(attempts).toHaveBeenCalledTimes(3)
  })

  it('throws an error only when the other parts have ended', async () => {
    const ended = vi.fn()
    const works = [() => Promise.reject(new Error('The database is away.')), async () => {
      await new Promise(setImmediate)
      ended()
      return [done]
    }]
    await expect(runConcurrently(works, work => work())).rejects.toThrow('The database is away.')
    expect(ended).toHaveBeenCalled()
  })

  it('has to be concurrent: an attempt alone is not repeated', async () => {
    const attempt = vi.fn(() => Promise.resolve(inMs(10)))
    expect((await withinWorkGroup(attempt)).state).toBe('later')
    expect(attempt).toHaveBeenCalledOnce()
  })
})
