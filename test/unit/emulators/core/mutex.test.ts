import { expect, it } from 'vitest'
import { Mutex } from '../../../../emulators/core/mutex.ts'

it('runs tasks of one key in order, even after a failure, and tasks of other keys concurrently', async () => {
  const mutex = new Mutex()
  const order: string[] = []
  const blocker = Promise.withResolvers<string>()
  const first = mutex.run('a', async () => {
    await blocker.promise
    order.push('first')
    throw new Error('broken')
  })
  const second = mutex.run('a', async () => order.push('second'))
  await mutex.run('b', async () => order.push('other'))
  blocker.resolve('')
  await expect(first).rejects.toThrow('broken')
  await second
  expect(order).toEqual(['other', 'first', 'second'])
})
