import { afterEach, expect, it, vi } from 'vitest'
import { behindTheAnswer } from '../../../../server/lib/behind-the-answer.ts'

const REQUEST = Symbol.for('@vercel/request-context')
afterEach(() => void Reflect.deleteProperty(globalThis, REQUEST))

it('tells Vercel what is still under way, and nobody elsewhere', () => {
  const work = Promise.resolve()
  expect(() => behindTheAnswer(work)).not.toThrow()
  const waitUntil = vi.fn()
  Object.assign(globalThis, { [REQUEST]: { get: () => ({ waitUntil }) } })
  behindTheAnswer(work)
  expect(waitUntil).toHaveBeenCalledWith(work)
})
