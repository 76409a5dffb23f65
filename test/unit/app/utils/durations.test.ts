import { describe, expect, it } from 'vitest'
import { formatAgo, formatDuration, plural } from '../../../../app/utils/durations.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

describe('formatDuration', () => {
  it.each([
    [-5, '0.0 s'], [0, '0.0 s'], [40, '< 0.1 s'], [430, '0.4 s'], [9_900, '9.9 s'], [10_400, '10 s'], [59_999, '59 s'],
    [3 * minute + 5 * second, '3 min 05 s'], [2 * hour + 10 * minute, '2 h 10 min'], [50 * hour, '50 h 00 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it.each([[-5, '0 s'], [40, '0 s'], [4_900, '4 s'], [61_000, '1 min 01 s']])('%d ms so far is %s', (ms, text) => {
    expect(formatDuration(ms, { inSeconds: true })).toBe(text)
  })
})

describe('formatAgo', () => {
  const now = Date.UTC(2026, 10, 20, 12)
  it.each([
    [-5 * second, 'just now'], [44 * second, 'just now'], [50 * second, '1 min ago'], [59 * minute, '59 min ago'],
    [3 * hour, '3 h ago'], [25 * hour, '1 day ago'], [72 * hour, '3 days ago'], [60 * 24 * hour, '21 Sept 2026'],
  ])('%d ms before is %s', (ms, text) => {
    expect(formatAgo(now - ms, now)).toBe(text)
  })
})

it('counts one and many', () => {
  expect([0, 1, 2].map(count => plural(count, 'group'))).toEqual(['0 groups', '1 group', '2 groups'])
})
