import type { Service } from './shared/schemas/resource'

/**
 * Every workflow as plain data. The API, the steps, the dashboard and the build read it,
 * so what users are shown and what runs cannot drift apart.
 */
export interface StepConfig {
  /** Stable name, as the API and the database have it. */
  name: string
  title: string
  /** What one item of the step is: the subject itself, each of its channels or groups, or each thing made for it. */
  per: 'subject' | 'channel' | 'group' | 'resource'
  /** Whether it cannot go on while the run waits for a person. */
  afterWaiting?: true
  /** The kinds of subject that have this step; absent: all. */
  kinds?: readonly string[]
  /** Where an item of it makes new things, and how many as the service's rate limit counts them; `workspace`: its provider says. */
  makes?: MakesConfig | 'workspace'
  /** The type of thing that the step removes. */
  removes?: string
}

export interface MakesConfig { service: Service, things: number }

export interface RetryPolicy {
  /** Attempts before a failure is final. A crash or a rate limit costs none. */
  attempts: number
  /** Milliseconds before the second attempt; each later wait is `factor` times longer. `RETRY_BASE_MS` overrides it. */
  baseMs: number
  factor: number
}

export interface WorkflowConfig {
  title: string
  description: string
  /** At most one active run for each workflow and subject. */
  subject: string
  steps: readonly StepConfig[]
  retry: RetryPolicy
  triggers: readonly string[]
  /** When it starts by itself: a cron expression of five fields, in UTC. */
  schedule?: string
  /** The workflow whose cancelled runs this one takes back: it removes what was made for their subject. */
  rollbackOf?: string
}

const lecture = ['LECTURE', 'COMBINED'] as const
const laboratory = ['LABORATORY', 'COMBINED'] as const

const oneOnDiscord = { service: 'DISCORD', things: 1 } as const
const oneOnGitHub = { service: 'GITHUB', things: 1 } as const
/** A tree and a commit. */
const aCommit = { service: 'GITHUB', things: 2 } as const

export const workflows = {
  'provision-course': {
    title: 'Provision a course',
    description: 'Gives a course its Discord category, channels and roles and its GitHub repositories, protected and seeded.',
    subject: 'course',
    retry: { attempts: 5, baseMs: 5_000, factor: 2 },
    triggers: ['POST /api/courses', 'POST /api/courses/:id/retry', 'POST /api/runs/:id/retry'],
    steps: [
      { name: 'CREATE_DISCORD_SERVER', title: 'Discord server', per: 'subject', afterWaiting: true, makes: oneOnDiscord },
      { name: 'CREATE_DISCORD_CHANNELS', title: 'Discord channels', per: 'channel', kinds: lecture, afterWaiting: true, makes: oneOnDiscord },
      { name: 'CREATE_GITHUB_REPO', title: 'GitHub repository', per: 'subject', kinds: lecture, makes: oneOnGitHub },
      { name: 'APPLY_BRANCH_PROTECTION', title: 'Branch protection', per: 'subject', kinds: lecture },
      { name: 'SEED_GITHUB_CONTENT', title: 'Seed content', per: 'subject', kinds: lecture, makes: aCommit },
      { name: 'CREATE_GROUP_ROLES', title: 'Group roles', per: 'group', kinds: laboratory, afterWaiting: true, makes: oneOnDiscord },
      { name: 'CREATE_GROUP_CHANNELS', title: 'Group channels', per: 'group', kinds: laboratory, afterWaiting: true, makes: oneOnDiscord },
      { name: 'CREATE_GROUP_REPOS', title: 'Group repositories', per: 'group', kinds: laboratory, makes: oneOnGitHub },
      { name: 'APPLY_GROUP_BRANCH_PROTECTIONS', title: 'Group branch protections', per: 'group', kinds: laboratory },
      { name: 'SEED_GROUP_CONTENT', title: 'Group seed content', per: 'group', kinds: laboratory, makes: aCommit },
    ],
  },
  'rollback-course': {
    title: 'Take a course back',
    description: 'Removes what was made for a course whose run was cancelled, the newest first. What people have changed since is left.',
    subject: 'course',
    rollbackOf: 'provision-course',
    retry: { attempts: 5, baseMs: 5_000, factor: 2 },
    triggers: ['POST /api/runs/:id/cancel', 'POST /api/runs/:id/retry'],
    steps: [
      { name: 'AWAIT_LAST_CALLS', title: 'Last calls of the cancelled run', per: 'subject' },
      { name: 'REMOVE_REPOS', title: 'Repositories removed', per: 'resource', removes: 'REPO' },
      { name: 'REMOVE_CHANNELS', title: 'Discord channels removed', per: 'resource', removes: 'CHANNEL' },
      { name: 'REMOVE_ROLES', title: 'Discord roles removed', per: 'resource', removes: 'ROLE' },
      { name: 'REMOVE_CATEGORIES', title: 'Discord category removed', per: 'resource', removes: 'CATEGORY' },
    ],
  },
  'provision-workspace': {
    title: 'Provision a workspace',
    description: 'Gives a challenge or a task its place to work in one repository: a branch, a repository of its own, a Space or a project.',
    subject: 'workspace',
    retry: { attempts: 5, baseMs: 5_000, factor: 2 },
    triggers: ['POST /api/repos/challenge-repos', 'POST /api/tasks/:id/assign', 'POST /api/workspaces/:id/reprovision', 'POST /api/runs/:id/retry'],
    steps: [
      { name: 'PREPARE_PARENT', title: 'Workspace of the challenge', per: 'subject' },
      { name: 'FIND_BASE', title: 'What it begins from', per: 'subject' },
      { name: 'MAKE_WORKSPACE', title: 'Workspace', per: 'subject', makes: 'workspace' },
    ],
  },
  'deprovision-workspace': {
    title: 'Remove a workspace',
    description: 'Removes the workspace of a challenge or a task, outside and here, unless somebody has worked in it.',
    subject: 'workspace',
    retry: { attempts: 5, baseMs: 5_000, factor: 2 },
    triggers: ['DELETE /api/repos/challenge-repos', 'DELETE /api/workspaces/:id', 'POST /api/runs/:id/retry'],
    steps: [
      { name: 'REMOVE_WORKSPACE', title: 'Workspace removed', per: 'subject' },
    ],
  },
  'prune': {
    title: 'Prune old records',
    description: 'Removes what nobody needs any more: the runtime\'s event log, its dead jobs, old audit entries, spent keys and codes.',
    subject: 'installation',
    retry: { attempts: 5, baseMs: 5_000, factor: 2 },
    triggers: ['GET /scheduled/prune'],
    schedule: '30 3 * * *',
    steps: [
      { name: 'PRUNE_EVENT_LOG', title: 'Event log of ended runs', per: 'subject' },
      { name: 'PRUNE_DEAD_JOBS', title: 'Dead jobs', per: 'subject' },
      { name: 'PRUNE_AUDIT_LOG', title: 'Old audit entries', per: 'subject' },
      { name: 'PRUNE_SPENT_RECORDS', title: 'Spent keys, codes and processes', per: 'subject' },
    ],
  },
} as const satisfies Record<string, WorkflowConfig>

export type WorkflowName = keyof typeof workflows
export type StepName<W extends WorkflowName = WorkflowName> = (typeof workflows)[W]['steps'][number]['name']

/**
 * Executions that the runtime allows a step. A crash costs one of them, so there are as good
 * as endlessly many; the attempts that users see are counted by the ledger, in the database.
 */
export const UNLIMITED_RETRIES = 1_000_000
