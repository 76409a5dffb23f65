import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { currentRequestId, noteRun, onBehalfOf, requestContext } from '../../../../server/lib/request-context.ts'

it('keeps the requests of concurrent work apart', async () => {
  const work = (id: string | null, ms: number) => onBehalfOf(id, async () => {
    await sleep(ms)
    return currentRequestId()
  })
  expect(await Promise.all([work('one', 5), work('two', 1), work(null, 3)])).toEqual(['one', 'two', undefined])
  expect(currentRequestId()).toBeUndefined()
})

it('work of no request within that of one has none', () => {
  expect(onBehalfOf('one', () => onBehalfOf(undefined, currentRequestId))).toBeUndefined()
})

it('notes each run that a request led to once, and outside of requests none', () => {
  noteRun('lost')
  const runIds = onBehalfOf('one', () => {
    for (const id of ['a', 'b', 'a']) noteRun(id)
    return requestContext.getStore()!.runIds
  })
  expect(runIds).toEqual(['a', 'b'])
})
