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

export const Session = z.object({
  name: z.string(),
  role: Role,
  isBound: z.boolean().meta({ description: 'Whether the key sees only the courses and projects that it is bound to.' }),
}).meta({ id: 'Session' })
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

/** Enough for a semester; who needs more needs an unbound key. */
const MAX_BOUND = 500

const ids = z.array(z.uuid()).max(MAX_BOUND, { error: `There must be at most ${MAX_BOUND}.` }).default([])

/** The courses and projects that a key is bound to, by their ids. */
export const KeyBinding = z.strictObject({ courses: ids, projects: ids })
  .refine(({ courses, projects }) => courses.length + projects.length > 0, {
    error: 'It must name at least one course or project.',
    params: { fix: 'Name one. To take all access from a key, revoke it.' },
  })
  .meta({ id: 'KeyBinding' })

export const NewApiKey = z.strictObject({
  name: oneLine(100),
  role: Role,
  expiresAt: z.iso.datetime({ offset: true, abort: true })
    .refine(at => new Date(at) > new Date(), {
      error: 'It must be in the future.',
      params: { fix: 'Choose a later time, or omit expiresAt.' },
    })
    .optional(),
  binding: KeyBinding.nullable().default(null)
    .meta({ description: 'What the key sees and changes; null or absent: everything that its role may. An owner\'s key cannot be bound.' }),
}).meta({ id: 'NewApiKey', example: { name: 'The timetable\'s import', role: 'operator' } })

export const ChangedApiKey = z.strictObject({
  binding: KeyBinding.nullable().meta({ description: 'Replaces the binding; null removes it.' }),
}).meta({ id: 'ChangedApiKey', example: { binding: { courses: [], projects: ['5c418b3f-3e5a-4542-a29c-539b7dd851f9'] } } })

const Bound = z.object({ id: z.uuid(), title: z.string().meta({ description: 'Of a course: its name and semester.' }) })

/** What a key is bound to. Both lists are empty when all of it was deleted; then the key sees nothing. */
export const BoundTo = z.object({ courses: z.array(Bound), projects: z.array(Bound) }).meta({ id: 'BoundTo' })
export type BoundTo = z.infer<typeof BoundTo>

export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role: Role,
  binding: BoundTo.nullable().meta({ description: 'Null: it is unbound.' }),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
}).meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

/** The answer that creates a key is the only one that ever shows it. */
export const CreatedApiKey = ApiKey.extend({ apiKey: z.string() }).meta({ id: 'CreatedApiKey' })
