import { HttpError } from '../core/http-error.ts'

/** The Hub's errors carry their message in the body and in headers. */
export const errorBody = (_: number, error: string) => ({ error })

function httpError(status: number, message: string, more: { code?: string, body?: object } = {}): HttpError {
  const headers = { 'x-error-message': message, ...(more.code && { 'x-error-code': more.code }) }
  return new HttpError(status, { error: message, ...more.body }, headers)
}

export const unauthorized = () => httpError(401, 'Invalid username or password.')
export const repoNotFound = () => httpError(404, 'Repository not found', { code: 'RepoNotFound' })
export const badRequest = (message: string) => httpError(400, message)
export const namespaceForbidden = (namespace: string) =>
  httpError(403, `You don't have the rights to create a space under the namespace "${namespace}"`)
export const writeForbidden = () => httpError(403, 'Forbidden: pass a token with the write role')
export const alreadyCreated = (id: string, url: string) => httpError(409, `You already created this space repo: ${id}`, { body: { url } })
export const outdatedParent = () => httpError(412, 'The commit has happened since the parent commit. Please refresh and try again.')
