import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBackoff } from '../../../../server/engine/backoff.ts'

/** The rounds, counted from 0, in which `a` is helped. */
function helped(rounds: string[][]): number[] {
  const patience = createBackoff()
  return rounds.flatMap((inNeed, round) => patience(inNeed).has('a') ? [round] : [])
}

it('helps at once, then after pauses that double, up to a longest one', () => {
  expect(helped(Array<string[]>(60).fill(['b', 'a']))).toEqual([0, 3, 8, 17, 33, 49])
})

it('begins anew with what needed no help for a round', () => {
  expect(helped([['a'], ['a'], ['b'], ['a'], ['a'], ['a'], ['a']])).toEqual([0, 3, 6])
})

it('names nobody who is not in need', () => {
  const patience = createBackoff()
  expect([...patience(['a', 'b'])]).toEqual(['a', 'b'])
  expect([...patience([])]).toEqual([])
})

it('in any order of needs helps each at once when its need is new, never twice within a pause, and never lets one wait longer than the longest', () => {
  const LONGEST = 15
  fc.assert(fc.property(fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), { maxLength: 120 }), (rounds) => {
    const patience = createBackoff()
    const since = new Map<string, { helped: number, pauses: number[] }>()
    rounds.forEach((inNeed, round) => {
      const now = patience(inNeed)
      for (const id of since.keys()) if (!(inNeed as string[]).includes(id)) since.delete(id)
      for (const id of now) expect(inNeed, 'who needs no help gets none').toContain(id)
      for (const id of inNeed) {
        const before = since.get(id)
        if (!before) {
          expect(now.has(id), 'a new need').toBe(true)
          since.set(id, { helped: round, pauses: [] })
          continue
        }
        expect(round - before.helped, 'too long a wait').toBeLessThanOrEqual(LONGEST + 1)
        if (!now.has(id)) continue
        const pause = round - before.helped
        expect(pause, 'too soon').toBeGreaterThanOrEqual(before.pauses.at(-1) ?? 2)
        since.set(id, { helped: round, pauses: [...before.pauses, pause] })
      }
    })
  }))
})
