import type { JsonObject } from '../core/types.ts'
import { requireToken } from './access.ts'
import { optionalObject, optionalString, requiredString } from './body.ts'
import { invalidRequest } from './errors.ts'
import type { Signature } from './git/objects.ts'
import type { GitHubCall } from './backend.ts'
import { emailOf } from './serializers/user.ts'

/** Author and committer of the body. The author defaults to the caller, the committer to the author. */
export function signaturesOf(call: GitHubCall): { author: Signature, committer: Signature } {
  const { login } = requireToken(call)
  const caller = { name: login, email: emailOf(login), ...timeOf(new Date().toISOString()) }
  const author = signatureOf(optionalObject(call.body, 'author')) ?? caller
  return { author, committer: signatureOf(optionalObject(call.body, 'committer')) ?? author }
}

function signatureOf(person: JsonObject | undefined): Signature | undefined {
  if (person === undefined) return undefined
  const date = optionalString(person, 'date') ?? new Date().toISOString()
  const [name, email] = [requiredString(person, 'name'), requiredString(person, 'email')]
  return { name: clean(name), email: clean(email), ...timeOf(date) }
}

/** git stores whole seconds and the writer's offset. */
function timeOf(date: string): Pick<Signature, 'timestamp' | 'offset'> {
  const ms = Date.parse(date)
  if (Number.isNaN(ms)) throw invalidRequest(`${date} is not a valid date-time.`)
  const offset = /([+-])(\d{2}):?(\d{2})$/.exec(date)
  return { timestamp: Math.floor(ms / 1000), offset: offset ? offset.slice(1).join('') : '+0000' }
}

/** Removes characters that would end the field in a commit object. */
function clean(text: string): string {
  return text.replace(/[<>\n\0]/g, '').trim()
}
