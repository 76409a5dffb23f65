import { timestamp, uuid } from 'drizzle-orm/pg-core'

/** A point in time, with its zone, to the microsecond. */
export const timestamptz = (name: string) => timestamp(name, { withTimezone: true })

export const id = () => uuid('id').primaryKey().defaultRandom()
export const createdAt = () => timestamptz('created_at').notNull().defaultNow()
