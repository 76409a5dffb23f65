import { afterEach, expect, it, vi } from 'vitest'
import { waitUntil } from '../../../../server/lib/wait-until.ts'

const REQUEST = Symbol.for('@vercel/request-context')
afterEach(() => void Reflect.deleteProperty(globalThis, REQUEST))

it('tells Vercel what is still in progress, and does nothing elsewhere', () => {
  const work = Promise.resolve()
  expect(() => waitUntil(work)).not.toThrow()
  const ofVercel = vi.fn()
  Object.assign(globalThis, { [REQUEST]: { get: () => ({ waitUntil: ofVercel }) } })
  waitUntil(work)
  expect(ofVercel).toHaveBeenCalledWith(work)
})
