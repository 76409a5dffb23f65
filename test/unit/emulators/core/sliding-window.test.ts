import { expect, it } from 'vitest'
import { SlidingWindow } from '../../../../emulators/core/sliding-window.ts'

it('sums the events within the window, and says when another event fits', () => {
  const window = new SlidingWindow(1000)
  window.add(2, 0)
  window.add(3, 500)
  expect(window.sum(999)).toBe(5)
  expect(window.msUntil(6, 1, 600)).toBe(0)
  expect(window.msUntil(5, 1, 600)).toBe(400)
  expect(window.msUntil(5, 3, 600)).toBe(900)
  expect(window.msUntil(1, 2, 600)).toBe(1000)
  expect(window.sum(1000)).toBe(3)
  expect(window.sum(1500)).toBe(0)
})

it('drops old events without losing count', () => {
  const window = new SlidingWindow(10)
  for (let at = 0; at < 5000; at++) window.add(1, at)
  expect(window.sum(4999)).toBe(10)
  expect(window.sum(5009)).toBe(0)
})
