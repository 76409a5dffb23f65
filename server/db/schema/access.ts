import { sql } from 'drizzle-orm'
import { boolean, check, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { projects } from './challenges'
import { createdAt, id, timestamptz } from './columns'
import { courses } from './courses'
import type { Role } from '../../../shared/schemas/session'

/** Keys beside the owner's own. Only a SHA-256 is kept: the keys are 256 random bits, so nobody can guess one from it. */
export const apiKeys = pgTable('api_keys', {
  id: id(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  hash: text('hash').notNull().unique(),
  /** Whether it sees only the courses and projects below. It stays bound when the last of them is deleted. */
  isBound: boolean('is_bound').notNull().default(false),
  expiresAt: timestamptz('expires_at'),
  lastUsedAt: timestamptz('last_used_at'),
  createdAt: createdAt(),
}, table => [check('api_keys_owner_unbound', sql`not (${table.isBound} and ${table.role} = 'owner')`)])

/** The courses that a key is bound to. */
export const apiKeyCourses = pgTable('api_key_courses', {
  keyId: uuid('key_id').notNull().references(() => apiKeys.id, { onDelete: 'cascade' }),
  courseId: uuid('course_id').notNull().references(() => courses.id, { onDelete: 'cascade' }),
}, table => [primaryKey({ columns: [table.keyId, table.courseId] }), index('api_key_courses_course').on(table.courseId)])

/** The projects that a key is bound to. */
export const apiKeyProjects = pgTable('api_key_projects', {
  keyId: uuid('key_id').notNull().references(() => apiKeys.id, { onDelete: 'cascade' }),
  projectId: uuid('project_id').notNull().references(() => projects.id, { onDelete: 'cascade' }),
}, table => [primaryKey({ columns: [table.keyId, table.projectId] }), index('api_key_projects_project').on(table.projectId)])

/** One-time codes of sign-in links, hashed. `actor` created the link; the session gets the same rights. */
export const signInCodes = pgTable('sign_in_codes', {
  hash: text('hash').primaryKey(),
  actor: text('actor').notNull(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  expiresAt: timestamptz('expires_at').notNull(),
  usedAt: timestamptz('used_at'),
})

/**
 * Browsers that are signed in. The hash is an HMAC of the random id in the cookie, keyed with the owner's key, so that
 * a new owner's key ends all sessions. Without `keyId` it is the owner's. Revoking a key ends its sessions.
 */
export const sessions = pgTable('sessions', {
  id: id(),
  hash: text('hash').notNull().unique(),
  keyId: uuid('key_id').references(() => apiKeys.id, { onDelete: 'cascade' }),
  browser: text('browser').notNull(),
  createdAt: createdAt(),
  lastSeenAt: timestamptz('last_seen_at').notNull().defaultNow(),
  expiresAt: timestamptz('expires_at').notNull(),
}, table => [index('sessions_key').on(table.keyId)])

/** What an `Idempotency-Key` was used for, so that the same request gets the same answer. */
export const idempotencyKeys = pgTable('idempotency_keys', {
  actor: text('actor').notNull(),
  key: text('key').notNull(),
  request: text('request').notNull(),
  bodyHash: text('body_hash').notNull(),
  result: jsonb('result').$type<object>(),
  createdAt: createdAt(),
}, table => [primaryKey({ columns: [table.actor, table.key] })])
