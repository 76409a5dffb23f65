import type { Service } from '../../shared/schemas/resource'
import { ProviderError } from './errors'

/**
 * The only reader of `process.env`. Read at every use, not once: steps run in bundles of
 * their own, and tests point a built server elsewhere by its environment alone.
 */
const read = (name: string): string | undefined => process.env[name]?.trim() || undefined

function required(name: string, where: string): string {
  const value = read(name)
  if (value) return value
  throw new ProviderError({
    code: 'MISSING_CONFIGURATION',
    message: `${name} is not set.`,
    why: 'The service cannot be called without it.',
    fix: `Set ${name} and start again. ${where}`,
    retryable: false,
  })
}

/** A variable that has a value which cannot be meant: said when the server starts, instead of guessed at. */
const wrong = (name: string, expected: string) => new ProviderError({
  code: 'WRONG_CONFIGURATION',
  message: `${name} is "${read(name)}", and has to be ${expected}.`,
  why: 'What it asks for cannot be done.',
  fix: `Correct ${name} or leave it out, and start again.`,
  retryable: false,
})

interface Range { least: number, most: number }

/** A whole number within a range, or undefined where none is set. */
function wholeNumber(name: string, { least, most }: Range): number | undefined {
  const text = read(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) throw wrong(name, `a whole number from ${least} to ${most}`)
  return value
}

function oneOf<const T extends string>(name: string, values: readonly T[]): T | undefined {
  const text = read(name)
  if (text === undefined) return undefined
  const value = values.find(value => value === text.toLowerCase())
  if (value === undefined) throw wrong(name, `one of ${values.join(', ')}`)
  return value
}

export const databaseUrl = () => required('DATABASE_URL', 'It is the URL of a PostgreSQL database, postgres://user:password@host:5432/name; `npm start` brings one along.')

/**
 * Whether a transaction pooler stands before the database (PgBouncer, Supavisor, Neon's `-pooler`
 * host): then no two statements outside a transaction share a session.
 */
export const isDatabasePooled = () => oneOf('DATABASE_POOLED', ['true', 'false']) === 'true' || read('DATABASE_DIRECT_URL') !== undefined

/** The database past the pooler, for what needs a session (LISTEN, session locks); undefined where there is none. */
export const sessionDatabaseUrl = () => read('DATABASE_DIRECT_URL') ?? (isDatabasePooled() ? undefined : databaseUrl())

/** The database for the runtime's job queue, which cannot do without a session. */
export const runtimeDatabaseUrl = () => sessionDatabaseUrl()
  ?? required('DATABASE_DIRECT_URL', 'It is the URL of the same database past the pooler: the workflow runtime needs a session. On Vercel none is needed.')

export const ownerApiKey = () => required('API_KEY', 'Choose at least 32 random characters, `openssl rand -hex 32`.')

export const port = () => wholeNumber('PORT', { least: 1, most: 65_535 }) ?? 3000

/** The address people reach Atelier at; absent: the address of the request. */
export const publicUrl = () => read('ATELIER_PUBLIC_URL')?.replace(/\/+$/, '')

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Never fails: the log has to be able to say that the variable is wrong. */
export const logLevel = () => LEVELS.find(level => level === read('LOG_LEVEL')?.toLowerCase()) ?? 'info'

/** Milliseconds before a second attempt, where it is not the workflow's own. */
export const retryBaseMs = () => wholeNumber('RETRY_BASE_MS', { least: 1, most: 86_400_000 })

/** Runtime steps that one process runs at the same time; each may have many calls out. More make requests wait longer. */
export const queueConcurrency = () => wholeNumber('QUEUE_CONCURRENCY', { least: 1, most: 1_000 }) ?? 10

const atLeastOne = (name: string) => wholeNumber(name, { least: 1, most: 1_000_000 })

/** Runs under way at the same time for each process that lives: of all actors, and of each. */
export const concurrencyLimits = () => ({ all: atLeastOne('ACTIVE_RUNS') ?? 24, each: atLeastOne('ACTIVE_RUNS_EACH') ?? 6 })

/** Runs that may wait for their turn: of all actors, and of each. */
export const queueLimits = () => ({ all: atLeastOne('QUEUED_RUNS') ?? 1_000, each: atLeastOne('QUEUED_RUNS_EACH') ?? 250 })

/** Requests that one process works on at the same time, all and those that change something, and how late its event loop may be before it takes on no more. */
export const requestLimits = () => ({ all: atLeastOne('MAX_REQUESTS') ?? 200, changes: atLeastOne('MAX_CHANGES') ?? 100, delayMs: atLeastOne('MAX_DELAY_MS') ?? 250 })

/** Days for which records are kept after they were last needed. */
export const keepDays = () => ({ eventLog: atLeastOne('KEEP_EVENT_LOG_DAYS') ?? 7, audit: atLeastOne('KEEP_AUDIT_DAYS') ?? 730, idempotency: atLeastOne('KEEP_IDEMPOTENCY_DAYS') ?? 7 })

/** What the scheduler of a platform shows at the scheduled-job door; absent: the door is closed. */
export const cronSecret = () => read('CRON_SECRET')

/** The variables that say what a credential may do. */
export const LIMITS_VARIABLE = { GITHUB: 'GITHUB_LIMITS', DISCORD: 'DISCORD_LIMITS', HUGGINGFACE: 'HF_LIMITS', FIGMA: 'FIGMA_LIMITS' } as const satisfies Record<Service, string>

/**
 * The limits in force as their variable has them; undefined: the published ones where they hold,
 * and none elsewhere: an Enterprise server has none by default.
 */
export const limitsOf = (service: Service) => read(LIMITS_VARIABLE[service])

/** A variable that something cannot do without, whether it is set, and where to get it. */
const need = (variable: string, where: string) => ({ variable, isSet: read(variable) !== undefined, where })

const GITHUB_ORG_WHERE = 'It is the name of the organization that gets the repositories.'
const GITHUB_TOKEN_WHERE = 'Make one at https://github.com/settings/tokens with the scopes repo, admin:org and delete_repo.'

/** What a provider in any repository of GitHub needs. */
export const githubNeeds = () => [need('GITHUB_TOKEN', GITHUB_TOKEN_WHERE)]

/** What a provider of whole repositories needs. */
export const githubOrgNeeds = () => [...githubNeeds(), need('GITHUB_ORG', GITHUB_ORG_WHERE)]

export const githubConfig = () => ({
  token: required('GITHUB_TOKEN', GITHUB_TOKEN_WHERE),
  apiUrl: read('GITHUB_API_URL') ?? 'https://api.github.com',
})

/** The organization that gets the repositories. */
export const githubOrg = () => required('GITHUB_ORG', GITHUB_ORG_WHERE)

export const discordConfig = () => ({
  token: required('DISCORD_BOT_TOKEN', 'Make a bot at https://discord.com/developers/applications and copy its token.'),
  clientId: required('DISCORD_CLIENT_ID', 'It is the application id at https://discord.com/developers/applications.'),
  apiUrl: discordApiUrl(),
})

/** Discord's API; its pages are on the same host. */
export const discordApiUrl = () => (read('DISCORD_API_URL') ?? 'https://discord.com/api').replace(/\/+$/, '')

/** Whether there is a bot that a person could add to a server. */
export const hasDiscordBot = () => Boolean(read('DISCORD_BOT_TOKEN') && read('DISCORD_CLIENT_ID'))

/** The Discord server of courses that name none. */
export const defaultGuildId = () => read('DISCORD_GUILD_ID')

const HF_TOKEN_WHERE = 'Make one with the role write at https://huggingface.co/settings/tokens.'

/** What a provider on Hugging Face needs. */
export const huggingfaceNeeds = () => [need('HF_TOKEN', HF_TOKEN_WHERE)]

export const huggingfaceConfig = () => ({
  token: required('HF_TOKEN', HF_TOKEN_WHERE),
  apiUrl: (read('HF_API_URL') ?? 'https://huggingface.co').replace(/\/+$/, ''),
})

const FIGMA_TOKEN_WHERE = 'Make one with the scope projects:read in Figma, under Settings, Security, Personal access tokens.'
const FIGMA_TEAM_WHERE = 'It is the number after /team/ in the address of the team\'s page.'

/** What a provider on Figma needs. */
export const figmaNeeds = () => [need('FIGMA_TOKEN', FIGMA_TOKEN_WHERE), need('FIGMA_TEAM_ID', FIGMA_TEAM_WHERE)]

export const figmaConfig = () => ({
  token: required('FIGMA_TOKEN', FIGMA_TOKEN_WHERE),
  teamId: required('FIGMA_TEAM_ID', FIGMA_TEAM_WHERE),
  apiUrl: (read('FIGMA_API_URL') ?? 'https://api.figma.com').replace(/\/+$/, ''),
})

const SECRETS = ['API_KEY', 'GITHUB_TOKEN', 'GITHUB_WEBHOOK_SECRET', 'DISPATCH_TOKEN', 'DISCORD_BOT_TOKEN', 'HF_TOKEN', 'FIGMA_TOKEN', 'CRON_SECRET', 'DATABASE_URL', 'DATABASE_DIRECT_URL']

/** Every credential that this process was given, for the redaction of texts; of an address also its password alone. */
export const secretValues = (): string[] => SECRETS.map(read).filter(value => value !== undefined).flatMap(value => [value, ...passwordOf(value)])

function passwordOf(value: string): string[] {
  const password = URL.parse(value)?.password
  return password ? [password, decode(password)] : []
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  }
  catch {
    return text
  }
}

/** @throws ProviderError WRONG_CONFIGURATION or MISSING_CONFIGURATION for what a server could only stumble over later */
export function checkEnvironment(): void {
  oneOf('LOG_LEVEL', LEVELS)
  for (const variable of [port, retryBaseMs, queueConcurrency, concurrencyLimits, queueLimits, requestLimits, keepDays, runtimeDatabaseUrl]) variable()
}
