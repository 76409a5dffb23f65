import { bigint, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { timestamptz } from './columns'
import type { RateLimitState } from '../../rate-limits/state'

/**
 * What each credential for an outside service may still do, shared by all processes. The id is a keyed hash:
 * no credential is stored. A change is written only over the version it was made from.
 */
export const rateLimits = pgTable('rate_limits', {
  id: text('id').primaryKey(),
  version: bigint('version', { mode: 'number' }).notNull(),
  state: jsonb('state').$type<RateLimitState>().notNull(),
  updatedAt: timestamptz('updated_at').notNull().defaultNow(),
})
