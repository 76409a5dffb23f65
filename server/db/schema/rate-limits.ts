import { bigint, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { timestamptz } from './columns'
import type { Budget } from '../../rate-limits/state'

/**
 * What the credentials for outside services may do, shared by all processes. The id is a keyed
 * hash, and the credential itself is nowhere here. A change is written only over the version it was made from.
 */
export const rateBudgets = pgTable('rate_budgets', {
  id: text('id').primaryKey(),
  version: bigint('version', { mode: 'number' }).notNull(),
  state: jsonb('state').$type<Budget>().notNull(),
  updatedAt: timestamptz('updated_at').notNull().defaultNow(),
})
