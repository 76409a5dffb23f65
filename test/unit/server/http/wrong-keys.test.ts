import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { countWrongKey, secondsToWait } from '../../../../server/http/wrong-keys.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('an address that sent five wrong keys waits until the first of them is a minute old', () => {
  const address = randomUUID()
  for (let n = 0; n < 5; n++) {
    expect(secondsToWait(address)).toBe(0)
    countWrongKey(address)
    vi.advanceTimersByTime(1_000)
  }
  expect(secondsToWait(address)).toBe(55)
  expect(() => countWrongKey(address)).toThrow(expect.objectContaining({ code: 'TOO_MANY_WRONG_KEYS', retryAfterSeconds: 55 }))
  expect(secondsToWait(randomUUID())).toBe(0)
  vi.advanceTimersByTime(55_000)
  expect(secondsToWait(address)).toBe(0)
  countWrongKey(address)
  expect(secondsToWait(address)).toBe(1)
})

it('many addresses take no more memory than some', () => {
  const first = randomUUID()
  for (let n = 0; n < 5; n++) countWrongKey(first)
  for (let n = 0; n < 10_000; n++) countWrongKey(randomUUID())
  expect(secondsToWait(first)).toBe(0)
})
