import { z } from 'zod'

/** The kinds of values that a variable may have. The error of each continues the sentence "It must be". */

/** Any text. */
export const text = () => z.string()

/** A whole number within a range. */
export function wholeNumber(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`
  return z.coerce.number<string>({ error }).int({ error }).min(least, { error }).max(most, { error })
}

/** One of a few words, in upper or lower case. */
export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.string().toLowerCase().pipe(z.enum(values, { error: `one of ${values.join(', ')}` }))

export const trueOrFalse = () => z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'true or false' })

/** The address of a server, without the slash at its end. */
export const httpUrl = () => z.url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })
  .transform(url => url.replace(/\/+$/, ''))

/** PostgreSQL takes several hosts, or none, which is no URL for anything else. */
export const postgresUrl = () =>
  z.string().regex(/^postgres(ql)?:\/\/\S+$/, { error: 'an address that begins with postgres:// or postgresql://' })

const WINDOWS = String.raw`\d+(/\d+(\.\d+)?)?(,\d+/\d+(\.\d+)?)*`

/** What a provider allows of some kinds of calls, as `readRules` reads it. */
export function rateLimits(...kinds: string[]) {
  const limit = `(${kinds.join('|')})=${WINDOWS}`
  const error = `none, or limits of ${kinds.join(', ')} as kind=number/seconds`
  return z.string().regex(new RegExp(`^(none|${limit}(\\s+${limit})*)$`), { error })
}

const NAME = String.raw`[\w.-]+(/([\w.-]+|\*))?`

/** Organizations and repositories of GitHub, in lower case: GitHub ignores the case. */
export const githubNames = () => z.string()
  .regex(new RegExp(`^${NAME}([\\s,]+${NAME})*$`), { error: 'organizations and repositories (owner/name), with commas or spaces between' })
  .transform(names => names.toLowerCase().split(/[\s,]+/))
