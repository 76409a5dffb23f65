import { bigint, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'
import { runs } from './runs'
import type { Resource } from '../../../shared/schemas/resource'

/**
 * One row for each thing made outside, written before it is made. The lease says who is
 * making it: it lapses by itself, and soon when its process is gone.
 */
export const externalResources = pgTable('external_resources', {
  id: id(),
  subjectType: text('subject_type').notNull(),
  subjectId: uuid('subject_id').notNull(),
  runId: uuid('run_id').notNull().references(() => runs.id),
  service: text('service').$type<Resource['service']>().notNull(),
  type: text('type').$type<Resource['type']>().notNull(),
  key: text('key').notNull(),
  name: text('name').notNull(),
  groupNumber: integer('group_number'),
  /** Set when a first look found nothing and the call that makes it was about to go out; from then on what a look finds is ours. */
  intendedAt: timestamptz('intended_at'),
  /** Null until it is made. */
  externalId: text('external_id'),
  url: text('url'),
  /** What a second look needs to know it again; plain data without secrets. */
  detail: jsonb('detail').$type<Record<string, unknown>>(),
  /** Grows with every lease; a holder whose number is old can no longer write. */
  fence: bigint('fence', { mode: 'number' }).notNull().default(1),
  leaseHolder: uuid('lease_holder'),
  leasedAt: timestamptz('leased_at'),
  leasedUntil: timestamptz('leased_until'),
  createdAt: createdAt(),
  /** Null while it is not there: not made yet, or taken back. */
  madeAt: timestamptz('made_at'),
  /** When it was taken back; its id and address stay for those who look back. Null again when it is made anew. */
  removedAt: timestamptz('removed_at'),
}, table => [
  unique('external_resources_key').on(table.subjectId, table.service, table.type, table.key),
  index('external_resources_run').on(table.runId),
])
