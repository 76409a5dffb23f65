import { AsyncLocalStorage } from 'node:async_hooks'

/** The request that this work comes of: the one that is being handled, or the one that started the run. */
export interface RequestContext {
  requestId: string
  /** The runs that it led to so far. */
  runIds: string[]
}

/** The async context keeps concurrent requests apart. Without one, the work comes of no request: a schedule, the watchdog. */
export const requestContext = new AsyncLocalStorage<RequestContext | undefined>()

/** The id of the request that this work comes of, if it comes of one. */
export const currentRequestId = (): string | undefined => requestContext.getStore()?.requestId

/** Does work on behalf of an earlier request. @param requestId absent: of no request */
export const onBehalfOf = <T>(requestId: string | null | undefined, work: () => T): T =>
  requestContext.run(requestId ? { requestId, runIds: [] } : undefined, work)

/** Notes a run that the request led to. */
export function noteRun(runId: string): void {
  const runIds = requestContext.getStore()?.runIds
  if (runIds && !runIds.includes(runId)) runIds.push(runId)
}
