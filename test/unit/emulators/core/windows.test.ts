import { expect, it } from 'vitest'
import { Mutex } from '../../../../emulators/core/mutex.ts'
import { SlidingWindow } from '../../../../emulators/core/windows.ts'

it('counts what lies within the window, and says when more fits', () => {
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

it('forgets without losing count, however many there were', () => {
  const window = new SlidingWindow(10)
  for (let at = 0; at < 5000; at++) window.add(1, at)
  expect(window.sum(4999)).toBe(10)
  expect(window.sum(5009)).toBe(0)
})

it('runs work of one key in turn, also after a failure, and of others at once', async () => {
  const mutex = new Mutex()
  const order: string[] = []
  const gate = Promise.withResolvers<string>()
  const first = mutex.run('a', async () => {
    await gate.promise
    order.push('first')
    throw new Error('broken')
  })
  const second = mutex.run('a', async () => order.push('second'))
  await mutex.run('b', async () => order.push('other'))
  gate.resolve('')
  await expect(first).rejects.toThrow('broken')
  await second
  expect(order).toEqual(['other', 'first', 'second'])
})
