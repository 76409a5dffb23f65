import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, timestamptz } from './columns'
import type { RepoType, WorkspaceMeta, WorkspaceStatus, WorkspaceType } from '../../../shared/schemas/workspace'

/** A project: repositories, and challenges that are worked on in them. */
export const projects = pgTable('projects', {
  id: id(),
  title: text('title').notNull(),
  description: text('description'),
  createdAt: createdAt(),
}, table => [index('projects_created_at').on(table.createdAt)])

/** A place outside in which workspaces are created: a repository, a namespace of Spaces, a team. */
export const repos = pgTable('repos', {
  id: id(),
  projectId: uuid('project_id').notNull().references(() => projects.id),
  title: text('title').notNull(),
  type: text('type').$type<RepoType>().notNull(),
  /** `owner/name` on GitHub, GitLab and Hugging Face; the id of a team on Figma, null for the team of the environment. */
  externalRepoId: text('external_repo_id'),
  createdAt: createdAt(),
}, table => [
  uniqueIndex('repos_external').on(table.projectId, table.type, sql`lower(coalesce(${table.externalRepoId}, ''))`),
])

/** A challenge. Its number and slug name its workspaces, so they are decided when it is created and never change. */
export const challenges = pgTable('challenges', {
  id: id(),
  projectId: uuid('project_id').notNull().references(() => projects.id),
  /** Counts through all projects, as two of them may share a repository. */
  index: integer('index').notNull().unique(),
  slug: text('slug').notNull(),
  title: text('title').notNull(),
  status: text('status').$type<'open' | 'closed'>().notNull().default('open'),
  description: text('description'),
  roadmap: text('roadmap'),
  startDate: text('start_date'),
  endDate: text('end_date'),
  contributionPointsReward: integer('contribution_points_reward').notNull().default(0),
  createdAt: createdAt(),
}, table => [index('challenges_project').on(table.projectId, table.index)])

/** Somebody who works on tasks. */
export const contributors = pgTable('contributors', {
  id: id(),
  fullName: text('full_name').notNull(),
  githubUsername: text('github_username').notNull(),
  createdAt: createdAt(),
}, table => [uniqueIndex('contributors_github').on(sql`lower(${table.githubUsername})`)])

/** A task of a challenge. */
export const tasks = pgTable('tasks', {
  id: id(),
  challengeId: uuid('challenge_id').notNull().references(() => challenges.id),
  parentTaskId: uuid('parent_task_id').references((): AnyPgColumn => tasks.id),
  slug: text('slug').notNull(),
  title: text('title').notNull(),
  description: text('description'),
  type: text('type').$type<'solo' | 'concurrent'>().notNull(),
  status: text('status').$type<'todo' | 'done'>().notNull().default('todo'),
  createdAt: createdAt(),
}, table => [
  unique('tasks_slug').on(table.challengeId, table.slug),
  index('tasks_parent').on(table.parentTaskId),
])

/** The assignees of tasks. */
export const taskAssignees = pgTable('task_assignees', {
  taskId: uuid('task_id').notNull().references(() => tasks.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').notNull().references(() => contributors.id),
  /** Copied from the task, so that a unique key can allow one assignee of a solo task. */
  isSolo: boolean('is_solo').notNull(),
  assignedAt: timestamptz('assigned_at').notNull().defaultNow(),
}, table => [
  primaryKey({ columns: [table.taskId, table.userId] }),
  uniqueIndex('task_assignees_solo').on(table.taskId).where(sql`${table.isSolo}`),
  index('task_assignees_user').on(table.userId),
])

/** The columns of a workspace: the published API's five, and its spec. */
const workspace = () => ({
  id: id(),
  workspaceProvider: text('workspace_provider').notNull(),
  workspaceType: text('workspace_type').$type<WorkspaceType>().notNull(),
  workspaceRef: text('workspace_ref').notNull(),
  workspaceUrl: text('workspace_url'),
  workspaceStatus: text('workspace_status').$type<WorkspaceStatus>().notNull().default('pending'),
  workspaceMeta: jsonb('workspace_meta').$type<WorkspaceMeta>().notNull().default({}),
  /** The branch to start from; null: the default one, or the challenge's. */
  baseBranch: text('base_branch'),
  /** The options of the provider, by its schema. */
  options: jsonb('options').$type<Record<string, unknown>>().notNull().default({}),
  createdAt: createdAt(),
})

/** The workspace of a challenge in a repository that it is linked to. */
export const challengeRepos = pgTable('challenge_repos', {
  ...workspace(),
  challengeId: uuid('challenge_id').notNull().references(() => challenges.id),
  repoId: uuid('repo_id').notNull().references(() => repos.id),
}, table => [
  unique('challenge_repos_link').on(table.challengeId, table.repoId),
  unique('challenge_repos_ref').on(table.repoId, table.workspaceType, table.workspaceRef),
])

/** The workspace of a task in a repository. */
export const taskWorkspaces = pgTable('task_workspaces', {
  ...workspace(),
  taskId: uuid('task_id').notNull().references(() => tasks.id),
  repoId: uuid('repo_id').notNull().references(() => repos.id),
}, table => [
  unique('task_workspaces_task').on(table.taskId, table.repoId),
  unique('task_workspaces_ref').on(table.repoId, table.workspaceType, table.workspaceRef),
])

/** The project of a workspace that was removed: a key that is bound to the project still sees its runs and audit entries. */
export const removedWorkspaces = pgTable('removed_workspaces', {
  id: uuid('id').primaryKey(),
  projectId: uuid('project_id').notNull().references(() => projects.id, { onDelete: 'cascade' }),
  removedAt: timestamptz('removed_at').notNull().defaultNow(),
}, table => [index('removed_workspaces_project').on(table.projectId)])
