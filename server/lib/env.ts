import type { Service } from '../../shared/schemas/resource'
import { describeRefusal, parseVariable } from './env/parse.ts'
import { about, Environment, type VariableName, variableNames } from './env/schema.ts'
import { isGuessable, isSecret, SHORTEST_KEY } from './env/secret.ts'
import { providerError } from './provider-error'

/**
 * The only reader of `process.env`. It reads at every use, not once: steps run in bundles of
 * their own, and tests configure a built server by its environment alone.
 */
const textOf = (name: VariableName): string | undefined => process.env[name]?.trim() || undefined

const isSet = (name: VariableName): boolean => textOf(name) !== undefined

/** @throws ProviderError WRONG_CONFIGURATION for a value that the schema rejects */
function read<N extends VariableName>(name: N): Environment[N] {
  const { success, data, error } = parseVariable(name, textOf(name))
  if (success) return data
  throw providerError('VARIABLE_WRONG', describeRefusal(name, textOf(name), error))
}

/** How to get a value for a variable. */
const whereOf = (name: VariableName): string => about.get(Environment.shape[name])?.where ?? ''

/** @throws ProviderError MISSING_CONFIGURATION while the variable is not set */
function required<N extends VariableName>(name: N): NonNullable<Environment[N]> {
  const value = read(name)
  if (value !== undefined) return value
  throw providerError('VARIABLE_MISSING', { variable: name, where: whereOf(name) })
}

export const databaseUrl = () => required('DATABASE_URL')

/**
 * Whether a transaction pooler stands before the database (PgBouncer, Supavisor, Neon's `-pooler`
 * host): then no two statements outside a transaction share a session.
 */
export const isDatabasePooled = () => read('DATABASE_POOLED') || isSet('DATABASE_DIRECT_URL')

/** The database past the pooler, for what needs a session (LISTEN, session locks); undefined where there is none. */
export const sessionDatabaseUrl = () => read('DATABASE_DIRECT_URL') ?? (isDatabasePooled() ? undefined : databaseUrl())

/** The database for the runtime's job queue, which cannot do without a session. */
export const runtimeDatabaseUrl = () => sessionDatabaseUrl() ?? required('DATABASE_DIRECT_URL')

/** @throws ProviderError WRONG_CONFIGURATION for a key that other machines could guess */
export function ownerApiKey(): string {
  const key = required('API_KEY')
  if (isGuessable(key, read('HOST'))) throw providerError('API_KEY_SHORT', { least: SHORTEST_KEY })
  return key
}

export const port = () => read('PORT')

/** The address at which people reach Atelier; absent: the address of the request. */
export const publicUrl = () => read('ATELIER_PUBLIC_URL')

/** How many proxies before this server may say where a request comes from. */
export const trustedProxies = () => read('TRUSTED_PROXIES')

/** The folder of what `npm start` keeps; elsewhere there may be none. */
export const dataDir = () => read('ATELIER_DATA_DIR')

/** Where spans are exported to; undefined: nowhere. Never fails: `checkEnvironment` reports a wrong value. */
export const tracesEndpoint = () => parseVariable('OTEL_EXPORTER_OTLP_ENDPOINT', textOf('OTEL_EXPORTER_OTLP_ENDPOINT')).data

/** The name of this service among the spans of others. */
export const serviceName = () => read('OTEL_SERVICE_NAME')

/** Never fails: the log must be able to report that the variable is wrong. */
export const logLevel = () => parseVariable('LOG_LEVEL', textOf('LOG_LEVEL')).data ?? 'info'

/** Milliseconds before a second attempt; absent: those of the workflow. */
export const retryBaseMs = () => read('RETRY_BASE_MS')

/** Steps that one process runs at the same time; each may have many calls in flight. With more of them, requests wait longer. */
export const queueConcurrency = () => read('QUEUE_CONCURRENCY')

/** Active runs for each live process: of all actors, and of each. */
export const concurrencyLimits = () => ({ all: read('ACTIVE_RUNS'), each: read('ACTIVE_RUNS_EACH') })

/** Runs that may wait in the fair queue: of all actors, and of each. */
export const queueLimits = () => ({ all: read('QUEUED_RUNS'), each: read('QUEUED_RUNS_EACH') })

/**
 * Requests that one process handles at the same time, all and those that change something, and the
 * event loop delay above which it accepts no more changes.
 */
export const requestLimits = () => ({
  all: read('MAX_REQUESTS'),
  allEach: read('MAX_REQUESTS_EACH'),
  changes: read('MAX_CHANGES'),
  changesEach: read('MAX_CHANGES_EACH'),
  delayMs: read('MAX_DELAY_MS'),
})

/** Connections that the HTTP server accepts at the same time. */
export const maxConnections = () => read('MAX_CONNECTIONS')

/** Milliseconds for which the state that a provider reported of a workspace is shown without asking again. */
export const observedStateMs = () => read('OBSERVED_STATE_SECONDS') * 1_000

/** Days for which records are kept after they were last needed. */
export const keepDays = () => ({
  eventLog: read('KEEP_EVENT_LOG_DAYS'),
  audit: read('KEEP_AUDIT_DAYS'),
  idempotency: read('KEEP_IDEMPOTENCY_DAYS'),
})

/** The token of a platform's scheduler for scheduled jobs; absent: these routes answer 401. */
export const cronSecret = () => read('CRON_SECRET')

/** The variables with the rate limits of a credential. */
const LIMITS_VARIABLE = {
  GITHUB: 'GITHUB_LIMITS',
  DISCORD: 'DISCORD_LIMITS',
  HUGGINGFACE: 'HF_LIMITS',
  FIGMA: 'FIGMA_LIMITS',
  KV: 'KV_LIMITS',
  SANDBOX: 'VERCEL_SANDBOX_LIMITS',
} as const satisfies Record<Service, VariableName>

/**
 * The rate limits of the environment; undefined: the published ones on the service's own host, and
 * none elsewhere: an Enterprise server has none by default.
 */
export const limitsOf = (service: Service) => read(LIMITS_VARIABLE[service])

/** A required variable, whether it is set, and where to get it. */
const need = (variable: VariableName) => ({ variable, isSet: isSet(variable), where: whereOf(variable) })

/** The variables that a provider in any repository of GitHub needs. */
export const githubNeeds = () => [need('GITHUB_TOKEN')]

/** The variables that a provider of whole repositories needs. */
export const githubOrgNeeds = () => [...githubNeeds(), need('GITHUB_ORG')]

export const githubConfig = () => ({
  token: required('GITHUB_TOKEN'),
  apiUrl: read('GITHUB_API_URL'),
})

/** The organizations and repositories that may be touched, in lower case; undefined: all. */
export const githubAllowed = () => read('GITHUB_ALLOWED')

/** The organization that gets the repositories. */
export const githubOrg = () => required('GITHUB_ORG')

export const discordConfig = () => ({
  token: required('DISCORD_BOT_TOKEN'),
  clientId: required('DISCORD_CLIENT_ID'),
  apiUrl: discordApiUrl(),
})

/** Discord's API; its pages are on the same host. */
export const discordApiUrl = () => read('DISCORD_API_URL')

/** Whether a bot is configured that a person can add to a server. */
export const hasDiscordBot = () => isSet('DISCORD_BOT_TOKEN') && isSet('DISCORD_CLIENT_ID')

/** The Discord server of courses that name none. */
export const defaultGuildId = () => read('DISCORD_GUILD_ID')

/** The variables that a provider on Hugging Face needs. */
export const huggingfaceNeeds = () => [need('HF_TOKEN')]

export const huggingfaceConfig = () => ({
  token: required('HF_TOKEN'),
  apiUrl: read('HF_API_URL'),
})

/** The variables that a provider on Figma needs. */
export const figmaNeeds = () => [need('FIGMA_TOKEN'), need('FIGMA_TEAM_ID')]

export const figmaConfig = () => ({
  token: required('FIGMA_TOKEN'),
  teamId: required('FIGMA_TEAM_ID'),
  apiUrl: read('FIGMA_API_URL'),
})

export const kvConfig = () => ({
  token: required('KV_REST_API_TOKEN'),
  apiUrl: required('KV_REST_API_URL'),
})

/** Where sandboxes run, and the credentials: a token with its team and project, or Vercel's own, which names both. */
export function sandboxConfig() {
  const apiUrl = read('VERCEL_SANDBOX_API_URL')
  const oidcToken = read('VERCEL_OIDC_TOKEN')
  if (!isSet('VERCEL_TOKEN') && oidcToken !== undefined) return { apiUrl, ...claimsOf(oidcToken), token: oidcToken }
  return { apiUrl, token: required('VERCEL_TOKEN'), teamId: required('VERCEL_TEAM_ID'), projectId: required('VERCEL_PROJECT_ID') }
}

/** The team and the project that Vercel's token names. Whether it is genuine is for Vercel to say. */
function claimsOf(token: string): { teamId: string, projectId: string } {
  const [, claims = ''] = token.split('.')
  try {
    const { owner_id: teamId, project_id: projectId } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string>
    if (teamId && projectId) return { teamId, projectId }
  }
  catch {
    // What it is not, the error says.
  }
  throw providerError('VARIABLE_WRONG', {
    variable: 'VERCEL_OIDC_TOKEN', found: 'VERCEL_OIDC_TOKEN has a wrong form', expected: 'the token that Vercel gives',
  })
}

const SECRETS = variableNames.filter(isSecret)

let secrets: { raw: string, values: string[] } | undefined

/**
 * Every credential of this process, for the redaction of texts; of an address also its password alone.
 * @returns the same array until one of them changes
 */
export function secretValues(): string[] {
  const texts = SECRETS.map(textOf)
  const raw = texts.join('\n')
  if (secrets?.raw !== raw) {
    const headers = headerValuesOf(textOf('OTEL_EXPORTER_OTLP_HEADERS') ?? '')
    const values = [...texts.filter(value => value !== undefined).flatMap(value => [value, ...passwordOf(value)]), ...headers]
    secrets = { raw, values: [...new Set(values)] }
  }
  return secrets.values
}

function passwordOf(value: string): string[] {
  const password = URL.parse(value)?.password
  return password ? [password, decode(password)] : []
}

/** `api-key=secret,x-scope=team`: each value as it is sent. */
const headerValuesOf = (headers: string): string[] => headers.split(',').flatMap((header) => {
  const value = header.slice(header.indexOf('=') + 1).trim()
  return header.includes('=') && value ? [value, decode(value)] : []
})

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  }
  catch {
    return text
  }
}

/** @throws ProviderError WRONG_CONFIGURATION or MISSING_CONFIGURATION for a variable that would fail only later */
export function checkEnvironment(): void {
  variableNames.forEach(read)
  if (isSet('API_KEY')) ownerApiKey()
  runtimeDatabaseUrl()
}
