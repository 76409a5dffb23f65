import { z } from 'zod'
import { oneLine } from './rules'

export const Role = z.enum(['viewer', 'operator', 'owner']).meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

/** Sign-in with an API key, or with the one-time code of a sign-in link. */
export const SignIn = z.union([
  z.strictObject({ apiKey: z.string().min(1).max(200) }),
  z.strictObject({ code: z.string().min(1).max(200) }),
], { error: 'It must be { "apiKey": "…" } or { "code": "…" }.' }).meta({ id: 'SignIn', example: { apiKey: 'atl_…' } })
export type SignIn = z.infer<typeof SignIn>

export const Session = z.object({ name: z.string(), role: Role }).meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

/** A browser that is signed in with the key of the caller. */
export const BrowserSession = z.object({
  id: z.uuid(),
  browser: z.string().meta({ description: 'Browser and system, as it named them at sign-in.', example: 'Firefox on Linux' }),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().meta({ description: 'To the minute.' }),
  expiresAt: z.iso.datetime().meta({ description: 'The end if nobody uses it: after 12 hours, and after 7 days at the latest.' }),
  isCurrent: z.boolean().meta({ description: 'Whether this request came with it.' }),
}).meta({ id: 'BrowserSession' })
export type BrowserSession = z.infer<typeof BrowserSession>

/** A link that signs one browser in, once, within ten minutes. The code stands behind `#` and reaches no server log. */
export const SignInLink = z.object({ url: z.url(), expiresAt: z.iso.datetime() }).meta({ id: 'SignInLink' })

export const NewApiKey = z.strictObject({
  name: oneLine(100),
  role: Role,
  expiresAt: z.iso.datetime({ offset: true, abort: true })
    .refine(at => new Date(at) > new Date(), {
      error: 'It must be in the future.',
      params: { fix: 'Choose a later time, or omit expiresAt.' },
    })
    .optional(),
}).meta({ id: 'NewApiKey', example: { name: 'The timetable\'s import', role: 'operator' } })

export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role: Role,
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
}).meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

/** The answer that creates a key is the only one that ever shows it. */
export const CreatedApiKey = ApiKey.extend({ apiKey: z.string() }).meta({ id: 'CreatedApiKey' })
