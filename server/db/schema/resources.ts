import { bigint, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'
import { runs } from './runs'
import type { Service } from '../../../shared/schemas/resource'

/**
 * One row for each outside resource, written before it is created. The lease says which process
 * creates it: the lease lapses by itself, and soon when its process is gone.
 */
export const externalResources = pgTable('external_resources', {
  id: id(),
  subjectType: text('subject_type').notNull(),
  subjectId: uuid('subject_id').notNull(),
  runId: uuid('run_id').notNull().references(() => runs.id),
  service: text('service').$type<Service>().notNull(),
  type: text('type').notNull(),
  key: text('key').notNull(),
  name: text('name').notNull(),
  /** Set when a first look found nothing and the creating call was about to go out. From then on whatever a look finds is ours. */
  intendedAt: timestamptz('intended_at'),
  /** Null until it is created. */
  externalId: text('external_id'),
  url: text('url'),
  /** What a later look needs to recognise it; plain data without secrets. */
  detail: jsonb('detail').$type<Record<string, unknown>>(),
  /** Grows with every lease; a holder with an old number can no longer write. */
  fence: bigint('fence', { mode: 'number' }).notNull().default(1),
  leaseHolder: uuid('lease_holder'),
  leasedAt: timestamptz('leased_at'),
  leasedUntil: timestamptz('leased_until'),
  createdAt: createdAt(),
  /** Null while it does not exist: not created yet, or removed. */
  madeAt: timestamptz('made_at'),
  /** When it was removed; its id and address stay in the record. Null again when it is created again. */
  removedAt: timestamptz('removed_at'),
}, table => [
  unique('external_resources_key').on(table.subjectId, table.service, table.type, table.key),
  index('external_resources_run').on(table.runId),
])
