import { z } from 'zod'
import type { Service } from './shared/schemas/resource'
import { snowflakeRule } from './shared/schemas/rules'

/**
 * Every workflow as plain data. The build, the engine, the API and through it the dashboard read
 * it, so what users are shown and what runs cannot drift apart.
 */
export interface WorkflowConfig {
  title: string
  description: string
  /** The type of what its runs are about. */
  subject: string
  /** The steps in their order. */
  steps: readonly StepConfig[]
  retry: RetryPolicy
  concurrency: ConcurrencyPolicy
  /** Checks the input of a run; absent: its runs take none. */
  input?: z.ZodType
  /** What its runs may wait for, by kind. */
  waits?: Readonly<Record<string, WaitConfig>>
  /** The workflow that removes what cancelled runs of this one created. */
  rollback?: string
  /** When it starts by itself: a cron expression of five fields, in UTC. */
  schedule?: string
  triggers: readonly string[]
  /** The module that exports its entry; absent: `server/workflows/<name>/workflow`. */
  module?: string
}

export interface StepConfig {
  /** Stable name, as the API and the database have it. */
  name: string
  title: string
  /** What an item of it creates, unless the subject says so itself. */
  creates?: CreatesConfig
  /** The type of resource that it removes, in a rollback. */
  removes?: string
  /** Whether it starts only when a wait is over: while the run waits, nothing of it is stalled. */
  afterWait?: true
  /** Milliseconds after which an attempt at one of its items counts as failed. */
  timeoutMs?: number
  /** Milliseconds for which a process owns an item without a renewal; a live process renews it. */
  leaseMs?: number
}

/** New resources as the service's rate limit counts them. */
export interface CreatesConfig { service: Service, count: number }

export interface RetryPolicy {
  /** Attempts before a failure is final. A crash or a rate limit costs none. */
  attempts: number
  /** Milliseconds before the second attempt; each later one waits `factor` times longer. `RETRY_BASE_MS` overrides it. */
  baseMs: number
  factor: number
}

export interface ConcurrencyPolicy {
  /**
   * What happens to a run when another one is active for the same subject. `reject`: it is refused. `join`: the
   * active run is the answer. `queue`: it starts when the other ends. `replace`: the other is superseded, unless it
   * must not be; then the new run waits for its end.
   */
  policy: 'reject' | 'join' | 'queue' | 'replace'
  /** Workflows of one group exclude each other; absent: the workflow by itself. */
  group?: string
}

/** Something that a person or another system has to do before a run goes on. */
export interface WaitConfig {
  title: string
  message: string
  why: string
  fix: string
  /** Checks the answer; the dashboard makes its form from it. */
  answer: z.ZodObject
  /** Milliseconds after which the run gives up waiting; absent: never. */
  timeoutMs?: number
}

const fiveAttempts = { attempts: 5, baseMs: 5_000, factor: 2 } as const

const oneOnDiscord = { service: 'DISCORD', count: 1 } as const
const oneOnGitHub = { service: 'GITHUB', count: 1 } as const
/** A tree and a commit. */
const aCommit = { service: 'GITHUB', count: 2 } as const

export const workflows = {
  'provision-course': {
    title: 'Provision a course',
    description: 'Gives a course its Discord category, channels and roles, and its protected and seeded GitHub repositories.',
    subject: 'course',
    retry: fiveAttempts,
    concurrency: { policy: 'reject', group: 'course' },
    rollback: 'rollback-course',
    triggers: ['POST /api/courses', 'POST /api/courses/:id/retry', 'POST /api/runs/:id/retry'],
    waits: {
      'discord-server': {
        title: 'Discord server',
        message: 'This course waits for a Discord server.',
        why: 'Discord lets only people create servers.',
        fix: 'Add the bot to a server that you manage, on the page of the course, or name a server that the bot is in.',
        answer: z.strictObject({
          guildId: snowflakeRule.meta({ title: 'Server id', description: 'Discord shows it under Copy Server ID, in developer mode.' }),
        }),
      },
    },
    steps: [
      { name: 'CREATE_DISCORD_SERVER', title: 'Discord server', afterWait: true, creates: oneOnDiscord },
      { name: 'CREATE_DISCORD_CHANNELS', title: 'Discord channels', afterWait: true, creates: oneOnDiscord },
      { name: 'CREATE_GITHUB_REPO', title: 'GitHub repository', creates: oneOnGitHub },
      { name: 'APPLY_BRANCH_PROTECTION', title: 'Branch protection' },
      { name: 'SEED_GITHUB_CONTENT', title: 'Seed content', creates: aCommit },
      { name: 'CREATE_GROUP_ROLES', title: 'Group roles', afterWait: true, creates: oneOnDiscord },
      { name: 'CREATE_GROUP_CHANNELS', title: 'Group channels', afterWait: true, creates: oneOnDiscord },
      { name: 'CREATE_GROUP_REPOS', title: 'Group repositories', creates: oneOnGitHub },
      { name: 'APPLY_GROUP_BRANCH_PROTECTIONS', title: 'Group branch protections' },
      { name: 'SEED_GROUP_CONTENT', title: 'Group seed content', creates: aCommit },
    ],
  },
  'rollback-course': {
    title: 'Roll a course back',
    description: 'Removes what a cancelled run created for a course, the newest first. It leaves what people have changed since.',
    subject: 'course',
    retry: fiveAttempts,
    concurrency: { policy: 'reject', group: 'course' },
    triggers: ['POST /api/runs/:id/cancel', 'POST /api/runs/:id/retry'],
    steps: [
      { name: 'AWAIT_LAST_CALLS', title: 'Last calls of the cancelled run' },
      { name: 'REMOVE_REPOS', title: 'Repositories removed', removes: 'REPO' },
      { name: 'REMOVE_CHANNELS', title: 'Discord channels removed', removes: 'CHANNEL' },
      { name: 'REMOVE_ROLES', title: 'Discord roles removed', removes: 'ROLE' },
      { name: 'REMOVE_CATEGORIES', title: 'Discord category removed', removes: 'CATEGORY' },
    ],
  },
  'provision-workspace': {
    title: 'Provision a workspace',
    description: 'Gives a challenge or a task its place to work in one repository: a branch, a repository, a Space or a project.',
    subject: 'workspace',
    retry: fiveAttempts,
    concurrency: { policy: 'reject', group: 'workspace' },
    triggers: [
      'POST /api/repos/challenge-repos', 'POST /api/tasks/:id/assign', 'POST /api/workspaces/:id/reprovision', 'POST /api/runs/:id/retry',
    ],
    steps: [
      { name: 'PREPARE_PARENT', title: 'Workspace of the challenge' },
      { name: 'FIND_BASE', title: 'Base' },
      { name: 'CREATE_WORKSPACE', title: 'Workspace' },
    ],
  },
  'deprovision-workspace': {
    title: 'Remove a workspace',
    description: 'Removes the workspace of a challenge or a task, outside and here, unless somebody has worked in it.',
    subject: 'workspace',
    retry: fiveAttempts,
    concurrency: { policy: 'reject', group: 'workspace' },
    triggers: ['DELETE /api/repos/challenge-repos', 'DELETE /api/workspaces/:id', 'POST /api/runs/:id/retry'],
    steps: [
      { name: 'REMOVE_WORKSPACE', title: 'Workspace removed' },
    ],
  },
  'prune': {
    title: 'Prune old records',
    description: 'Removes what nobody needs any more: the runtime\'s event log and dead jobs, old audit entries, spent keys and codes, '
      + 'and what a frozen process created twice.',
    subject: 'installation',
    retry: fiveAttempts,
    concurrency: { policy: 'reject' },
    triggers: ['GET /scheduled/prune'],
    schedule: '30 3 * * *',
    steps: [
      { name: 'PRUNE_EVENT_LOG', title: 'Event log of ended runs' },
      { name: 'PRUNE_DEAD_JOBS', title: 'Dead jobs' },
      { name: 'PRUNE_AUDIT_LOG', title: 'Old audit entries' },
      { name: 'PRUNE_SPENT_RECORDS', title: 'Spent keys, codes and processes' },
      { name: 'SWEEP_DUPLICATES', title: 'Duplicates on Discord' },
    ],
  },
} as const satisfies Record<string, WorkflowConfig>

export type WorkflowName = keyof typeof workflows
export type StepName<W extends WorkflowName = WorkflowName> = (typeof workflows)[W]['steps'][number]['name']
