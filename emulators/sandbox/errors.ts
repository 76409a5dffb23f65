import { HttpError } from '../core/http-error.ts'

const CODES: Record<number, string> = {
  400: 'bad_request', 401: 'forbidden', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 410: 'sandbox_stopped', 429: 'rate_limited',
}

/** An error of Vercel's API: https://vercel.com/docs/rest-api/errors */
export const errorBody = (status: number, message: string, code = CODES[status] ?? 'internal_server_error') =>
  ({ error: { code, message } })

const httpError = (status: number, message: string, code?: string) => new HttpError(status, errorBody(status, message, code))

export const badRequest = (message: string) => httpError(400, message)
export const notFound = (what: string) => httpError(404, `${what} was not found.`)
export const nameTaken = (name: string) => httpError(409, `A sandbox with the name "${name}" already exists.`)
export const stopped = (name: string) => httpError(410, `The sandbox ${name} is stopped.`)
export const snapshotGone = (id: string) => httpError(410, `The snapshot ${id} was deleted or has expired.`, 'snapshot_not_found')
