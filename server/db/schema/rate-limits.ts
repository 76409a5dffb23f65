import { bigint, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { timestamptz } from './columns'
import type { RateLimitState } from '../../rate-limits/state'

/**
 * The state of the rate limiter of each credential, shared by all processes. The id is a keyed hash: no credential
 * is stored. A change is written only over the version that it started from.
 */
export const rateLimits = pgTable('rate_limits', {
  id: text('id').primaryKey(),
  version: bigint('version', { mode: 'number' }).notNull(),
  state: jsonb('state').$type<RateLimitState>().notNull(),
  updatedAt: timestamptz('updated_at').notNull().defaultNow(),
})
