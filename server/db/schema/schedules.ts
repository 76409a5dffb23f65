import { pgTable, text } from 'drizzle-orm/pg-core'
import { timestamptz } from './columns'

/** The last tick of each schedule that was started, or was over before the schedule was first seen. */
export const schedules = pgTable('schedules', {
  workflow: text('workflow').primaryKey(),
  tick: timestamptz('tick').notNull(),
})
