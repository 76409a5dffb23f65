import { expect, it } from 'vitest'
import { createPatience } from '../../../../server/runtime/patience.ts'

/** The rounds, counted from 0, in which `a` is helped. */
function helped(rounds: string[][]): number[] {
  const patience = createPatience()
  return rounds.flatMap((inNeed, round) => patience(inNeed).has('a') ? [round] : [])
}

it('helps at once, then after pauses that double, up to a longest one', () => {
  expect(helped(Array<string[]>(60).fill(['b', 'a']))).toEqual([0, 3, 8, 17, 33, 49])
})

it('begins anew with what needed no help for a round', () => {
  expect(helped([['a'], ['a'], ['b'], ['a'], ['a'], ['a'], ['a']])).toEqual([0, 3, 6])
})

it('names nobody who is not in need', () => {
  const patience = createPatience()
  expect([...patience(['a', 'b'])]).toEqual(['a', 'b'])
  expect([...patience([])]).toEqual([])
})
