import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { beginWithin } from '../../../../server/lib/begin-within.ts'

const late = () => new Error('late')

it('work that has begun in time takes as long as it takes', async () => {
  expect(await beginWithin(20, late, async (begin) => {
    begin()
    await wait(60)
    return 'done'
  })).toBe('done')
})

it('work that has not begun in time is refused then, and does not begin afterwards', async () => {
  const gate = Promise.withResolvers<unknown>()
  const effects: string[] = []
  const work = Promise.withResolvers<unknown>()
  const refused = beginWithin(20, late, async (begin) => {
    await gate.promise
    try {
      begin()
      effects.push('done')
    }
    catch (error) {
      work.resolve(error)
      throw error
    }
  })
  await expect(refused).rejects.toThrow('late')
  gate.resolve(null)
  expect(await work.promise).toEqual(new Error('late'))
  expect(effects).toEqual([])
})

it('an error of the work itself is its own', async () => {
  await expect(beginWithin(1_000, late, () => Promise.reject(new Error('other')))).rejects.toThrow('other')
})
