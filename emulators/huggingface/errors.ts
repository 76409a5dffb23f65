import { Refusal } from '../core/refusal.ts'

/** The Hub's errors: a sentence in the body, and again in headers. */
export const errorBody = (_: number, error: string) => ({ error })

function refuse(status: number, message: string, more: { code?: string, body?: object } = {}): Refusal {
  return new Refusal(status, { error: message, ...more.body }, { 'x-error-message': message, ...(more.code && { 'x-error-code': more.code }) })
}

export const unauthorized = () => refuse(401, 'Invalid username or password.')
export const repoNotFound = () => refuse(404, 'Repository not found', { code: 'RepoNotFound' })
export const badRequest = (message: string) => refuse(400, message)
export const namespaceForbidden = (namespace: string) => refuse(403, `You don't have the rights to create a space under the namespace "${namespace}"`)
export const writeForbidden = () => refuse(403, 'Forbidden: pass a token with the write role')
export const alreadyCreated = (id: string, url: string) => refuse(409, `You already created this space repo: ${id}`, { body: { url } })
export const outdated = () => refuse(412, 'The commit has happened since the parent commit. Please refresh and try again.')
