import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'
import type { CourseType } from '../../../shared/schemas/course'

/**
 * An academic course. Its state is that of its latest run, so it is not stored twice.
 * Names for the outside (slug, repository, channels) are decided when it is created and never change.
 */
export const courses = pgTable('courses', {
  id: id(),
  /** Unique ASCII name of the course; repositories and roles are named after it. */
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  semester: text('semester').notNull(),
  type: text('type').$type<CourseType>().notNull(),
  discordGuildId: text('discord_guild_id'),
  discordCategoryName: text('discord_category_name').notNull(),
  /** Names of the lecture's channels; empty for a laboratory. */
  discordChannels: jsonb('discord_channels').$type<string[]>().notNull(),
  /** The lecture's repository; null for a laboratory. */
  githubRepoName: text('github_repo_name'),
  /** Sent through Discord's install page, so that the chosen server finds its course. */
  installState: uuid('install_state').notNull().unique().default(sql`gen_random_uuid()`),
  createdAt: createdAt(),
  updatedAt: timestamptz('updated_at').notNull().defaultNow(),
}, table => [index('courses_created_at').on(table.createdAt)])

export const labGroups = pgTable('lab_groups', {
  id: id(),
  courseId: uuid('course_id').notNull().references(() => courses.id, { onDelete: 'cascade' }),
  number: integer('number').notNull(),
  name: text('name').notNull(),
  githubRepoName: text('github_repo_name').notNull(),
  discordChannelName: text('discord_channel_name').notNull(),
  discordRoleName: text('discord_role_name').notNull(),
}, table => [
  unique('lab_groups_number').on(table.courseId, table.number),
  unique('lab_groups_repo').on(table.courseId, table.githubRepoName),
  unique('lab_groups_channel').on(table.courseId, table.discordChannelName),
  unique('lab_groups_role').on(table.courseId, table.discordRoleName),
])
