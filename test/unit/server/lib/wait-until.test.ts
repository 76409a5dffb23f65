import { afterEach, expect, it, vi } from 'vitest'
import { waitUntil } from '../../../../server/lib/wait-until.ts'

const REQUEST = Symbol.for('@vercel/request-context')
afterEach(() => void Reflect.deleteProperty(globalThis, REQUEST))

it('tells Vercel what is still under way, and nobody elsewhere', () => {
  const work = Promise.resolve()
  expect(() => waitUntil(work)).not.toThrow()
  const waitUntil = vi.fn()
  Object.assign(globalThis, { [REQUEST]: { get: () => ({ waitUntil }) } })
  waitUntil(work)
  expect(waitUntil).toHaveBeenCalledWith(work)
})
