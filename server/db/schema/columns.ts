import { timestamp, uuid } from 'drizzle-orm/pg-core'

/** A point in time, with its zone, to the microsecond. */
export const moment = (name: string) => timestamp(name, { withTimezone: true })

export const id = () => uuid('id').primaryKey().defaultRandom()
export const createdAt = () => moment('created_at').notNull().defaultNow()
