import { expect, it } from 'vitest'
import { secondsUntilRoom } from '../../../../server/engine/admission.ts'

it.each([
  ['a tenth of the queue at the rate of the last minute', 100, 60, 10],
  ['at least one place', 5, 30, 2],
  ['a second at least', 10, 6_000, 1],
  ['five minutes at most', 1_000, 6, 300],
  ['five minutes when nothing has ended', 1_000, 0, 300],
])('the time to wait for room: %s', (_, limit, aMinute, seconds) => {
  expect(secondsUntilRoom(limit, aMinute)).toBe(seconds)
})
