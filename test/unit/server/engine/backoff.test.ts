import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBackoff } from '../../../../server/engine/backoff.ts'

/** The rounds, counted from 0, in which `a` is repaired. */
function repaired(rounds: string[][]): number[] {
  const backoff = createBackoff()
  return rounds.flatMap((inNeed, round) => backoff(inNeed).has('a') ? [round] : [])
}

it('repairs at once, then after pauses that double, up to a longest one', () => {
  expect(repaired(Array<string[]>(60).fill(['b', 'a']))).toEqual([0, 3, 8, 17, 33, 49])
})

it('starts again with the first pause for a run that needed nothing for a round', () => {
  expect(repaired([['a'], ['a'], ['b'], ['a'], ['a'], ['a'], ['a']])).toEqual([0, 3, 6])
})

it('names only runs that are in need', () => {
  const backoff = createBackoff()
  expect([...backoff(['a', 'b'])]).toEqual(['a', 'b'])
  expect([...backoff([])]).toEqual([])
})

it('repairs each new need at once, never twice within a pause, and after the longest pause at the latest', () => {
  const LONGEST = 15
  const needs = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), { maxLength: 120 })
  fc.assert(fc.property(needs, (rounds) => {
    const backoff = createBackoff()
    const since = new Map<string, { repaired: number, pauses: number[] }>()
    rounds.forEach((inNeed, round) => {
      const now = backoff(inNeed)
      for (const id of since.keys()) if (!(inNeed as string[]).includes(id)) since.delete(id)
      for (const id of now) expect(inNeed, 'a run that needs nothing is left alone').toContain(id)
      for (const id of inNeed) {
        const before = since.get(id)
        if (!before) {
          expect(now.has(id), 'a new need').toBe(true)
          since.set(id, { repaired: round, pauses: [] })
          continue
        }
        expect(round - before.repaired, 'too long a wait').toBeLessThanOrEqual(LONGEST + 1)
        if (!now.has(id)) continue
        const pause = round - before.repaired
        expect(pause, 'too soon').toBeGreaterThanOrEqual(before.pauses.at(-1) ?? 2)
        since.set(id, { repaired: round, pauses: [...before.pauses, pause] })
      }
    })
  }))
})
