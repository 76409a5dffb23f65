import type { JsonObject } from '../core/types.ts'
import { signedIn } from './access.ts'
import { optionalObject, optionalString, requiredString } from './body.ts'
import { invalidRequest } from './errors.ts'
import type { Signature } from './git/objects.ts'
import type { GitHubCall } from './hub.ts'
import { emailOf } from './present/user.ts'

/** Author and committer of a commit: as the body says, else the committer is the author and the author the caller. */
export function signaturesOf(call: GitHubCall): { author: Signature, committer: Signature } {
  const { login } = signedIn(call)
  const caller = { name: login, email: emailOf(login), ...momentOf(new Date().toISOString()) }
  const author = signatureOf(optionalObject(call.body, 'author')) ?? caller
  return { author, committer: signatureOf(optionalObject(call.body, 'committer')) ?? author }
}

function signatureOf(person: JsonObject | undefined): Signature | undefined {
  if (person === undefined) return undefined
  const date = optionalString(person, 'date') ?? new Date().toISOString()
  return { name: clean(requiredString(person, 'name')), email: clean(requiredString(person, 'email')), ...momentOf(date) }
}

/** git keeps whole seconds and the offset of the writer. */
function momentOf(date: string): Pick<Signature, 'timestamp' | 'offset'> {
  const ms = Date.parse(date)
  if (Number.isNaN(ms)) throw invalidRequest(`${date} is not a valid date-time.`)
  const offset = /([+-])(\d{2}):?(\d{2})$/.exec(date)
  return { timestamp: Math.floor(ms / 1000), offset: offset ? offset.slice(1).join('') : '+0000' }
}

/** Characters that would end the field inside a commit object. */
function clean(text: string): string {
  return text.replace(/[<>\n\0]/g, '').trim()
}
