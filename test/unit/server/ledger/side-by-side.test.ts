import { describe, expect, it, vi } from 'vitest'
import type { Outcome } from '../../../../server/ledger/attempt.ts'
import { besideOthers, sideBySide } from '../../../../server/ledger/side-by-side.ts'

const done: Outcome<string> = { state: 'done', value: 'made' }
const inMs = (ms: number): Outcome<string> => ({ state: 'later', at: new Date(Date.now() + ms) })
const HOUR = 3_600_000

describe('side by side', () => {
  it('an attempt that is due while another is at work does not wait for it', async () => {
    const second = Promise.withResolvers<Outcome<string>>()
    const attempts = vi.fn<() => Promise<Outcome<string>>>().mockResolvedValueOnce(inMs(10)).mockImplementationOnce(async () => {
      second.resolve(done)
      return done
    })
    // The slow one ends only when the other has been made again.
    const slow = () => second.promise
    expect(await sideBySide([slow, attempts], async attempt => [await besideOthers(attempt)])).toEqual([done, done])
  })

  it('goes on while a thing passes from one attempt to its next', async () => {
    const second = Promise.withResolvers<Outcome<string>>()
    const attempts = vi.fn<() => Promise<Outcome<string>>>().mockResolvedValueOnce(inMs(50)).mockImplementationOnce(async () => {
      second.resolve(done)
      return done
    })
    const chain = async () => [await besideOthers(() => Promise.resolve(done)), await besideOthers(() => second.promise)]
    expect(await sideBySide([chain, async () => [await besideOthers(attempts)]], work => work())).toEqual([done, done, done])
  })

  it('waits for nothing when all are put off', async () => {
    const attempts = vi.fn(() => Promise.resolve(inMs(HOUR)))
    const outcomes = await sideBySide([1, 2, 3], async () => [await besideOthers(attempts)])
    expect(outcomes.map(({ state }) => state)).toEqual(['later', 'later', 'later'])
    expect(attempts).toHaveBeenCalledTimes(3)
  })

  it('throws what broke only when the others have ended', async () => {
    const ended = vi.fn()
    const works = [() => Promise.reject(new Error('The database is away.')), async () => {
      await new Promise(setImmediate)
      ended()
      return [done]
    }]
    await expect(sideBySide(works, work => work())).rejects.toThrow('The database is away.')
    expect(ended).toHaveBeenCalled()
  })

  it('is needed for that: an attempt alone comes back later', async () => {
    const attempt = vi.fn(() => Promise.resolve(inMs(10)))
    expect((await besideOthers(attempt)).state).toBe('later')
    expect(attempt).toHaveBeenCalledOnce()
  })
})
