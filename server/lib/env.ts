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

export const databaseUrl = () => required('DATABASE_URL', 'It is the URL of a PostgreSQL database, postgres://user:password@host:5432/name; `npm start` brings one along.')

export const ownerApiKey = () => required('API_KEY', 'Choose at least 32 random characters, `openssl rand -hex 32`.')

export const port = () => Number(read('PORT') ?? 3000)

/** The address people reach Atelier at; absent: the address of the request. */
export const publicUrl = () => read('ATELIER_PUBLIC_URL')?.replace(/\/+$/, '')

export const logLevel = () => read('LOG_LEVEL') ?? 'info'

/** Milliseconds before a second attempt, where it is not the workflow's own. */
export const retryBaseMs = () => {
  const value = Number(read('RETRY_BASE_MS'))
  return Number.isFinite(value) && value > 0 ? value : undefined
}

/** Runtime steps that one process runs at the same time; each may have many calls out. More make requests wait longer. */
export const queueConcurrency = () => Number(read('QUEUE_CONCURRENCY') ?? 10)

/** A number that is not there, or makes no sense, is the default. */
function count(name: string, standard: number): number {
  const value = Number(read(name) ?? standard)
  return Number.isInteger(value) && value > 0 ? value : standard
}

/** Runs under way at the same time for each process that lives: of all actors, and of each. */
export const runTurns = () => ({ all: count('ACTIVE_RUNS', 24), each: count('ACTIVE_RUNS_EACH', 8) })

/** Runs that may wait for their turn: of all actors, and of each. */
export const queueLimits = () => ({ all: count('QUEUED_RUNS', 1_000), each: count('QUEUED_RUNS_EACH', 250) })

/** Days for which records are kept after they were last needed. */
export const keepDays = () => ({ eventLog: count('KEEP_EVENT_LOG_DAYS', 7), audit: count('KEEP_AUDIT_DAYS', 730), idempotency: count('KEEP_IDEMPOTENCY_DAYS', 7) })

/** What the scheduler of a platform shows at the scheduled-job door; absent: the door is closed. */
export const cronSecret = () => read('CRON_SECRET')

export const githubConfig = () => ({
  token: required('GITHUB_TOKEN', 'Make one at https://github.com/settings/tokens with the scopes repo and admin:org.'),
  org: required('GITHUB_ORG', 'It is the name of the organization that gets the repositories.'),
  apiUrl: read('GITHUB_API_URL') ?? 'https://api.github.com',
})

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

/** Every credential that this process was given, for the redaction of texts. */
export const secretValues = (): string[] =>
  ['API_KEY', 'GITHUB_TOKEN', 'GITHUB_WEBHOOK_SECRET', 'DISPATCH_TOKEN', 'DISCORD_BOT_TOKEN', 'DATABASE_URL', 'CRON_SECRET'].map(read).filter(value => value !== undefined)
