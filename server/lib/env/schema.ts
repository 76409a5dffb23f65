import { z } from 'zod'
import { githubNames, httpUrl, oneOf, postgresUrl, rateLimits, text, trueOrFalse, wholeNumber } from './types.ts'

/** What the documents and the error messages say about a variable. */
export interface About {
  description: string
  /** What applies while it is not set; only where there is no default. */
  absent?: string
  /** A value to start from, where there is no default. */
  example?: string
  /** How to get a value; also part of the error message while it is not set. */
  where?: string
}

export const about = z.registry<About>()

const atLeastOne = () => wholeNumber(1, 1_000_000)
const days = () => wholeNumber(1, 1_000_000)

const server = {
  PORT: wholeNumber(1, 65_535).default(3_000).register(about, { description: 'The HTTP port.' }),
  HOST: text().optional().register(about, {
    description: 'The address to listen on; 0.0.0.0 in a container.',
    absent: 'this machine only with the embedded PostgreSQL, every address without it',
    example: '127.0.0.1',
  }),
  NODE_ENV: text().optional().register(about, {
    description: 'With "production" and a DATABASE_URL, `npm start` uses no emulator and makes no key: `/health` names what is missing.',
    absent: 'emulators stand in for services without a token',
    example: 'production',
  }),
  ATELIER_PUBLIC_URL: httpUrl().optional().register(about, {
    description: 'The address at which people reach Atelier, for links.',
    absent: 'the address of the request',
    example: 'https://atelier.example.org',
  }),
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0).register(about, {
    description: 'Proxies before the server that add to X-Forwarded-For and set X-Forwarded-Proto. '
      + 'With 0 both headers are ignored, as any caller could send them.',
  }),
  API_KEY: text().optional().register(about, {
    description: 'The key of the owner. Under 32 characters only where HOST is this machine alone.',
    absent: '`npm start` makes one, prints it once and keeps it in the file api-key of ATELIER_DATA_DIR',
    where: 'Choose at least 32 random characters, `openssl rand -hex 32`.',
  }),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').register(about, {
    description: 'The lowest level of log lines that are written.',
  }),
  QUEUE_CONCURRENCY: wholeNumber(1, 1_000).default(10).register(about, {
    description: 'Steps that one process runs at the same time. With more of them, requests wait longer.',
  }),
  RETRY_BASE_MS: wholeNumber(1, 86_400_000).optional().register(about, {
    description: 'Milliseconds before the second attempt of a failed step. Each later wait is twice as long.',
    absent: 'the retry policy of the workflow, 5000',
    example: '5000',
  }),
  ACTIVE_RUNS: atLeastOne().default(24).register(about, {
    description: 'Active runs for each live process, of all users together. Further runs wait in the fair queue.',
  }),
  ACTIVE_RUNS_EACH: atLeastOne().default(6).register(about, { description: 'Active runs for each live process, of one user.' }),
  QUEUED_RUNS: atLeastOne().default(1_000).register(about, {
    description: 'Runs that may wait in the fair queue, of all users together. A request that would add more gets 429.',
  }),
  QUEUED_RUNS_EACH: atLeastOne().default(250).register(about, { description: 'Runs that may wait in the fair queue, of one user.' }),
  MAX_REQUESTS: atLeastOne().default(200).register(about, {
    description: 'Requests that one process handles at the same time. Further ones get 429.',
  }),
  MAX_REQUESTS_EACH: atLeastOne().default(120).register(about, { description: 'Requests of MAX_REQUESTS of one user.' }),
  MAX_CHANGES: atLeastOne().default(100).register(about, { description: 'Requests of MAX_REQUESTS that may change something.' }),
  MAX_CHANGES_EACH: atLeastOne().default(80).register(about, { description: 'Requests of MAX_CHANGES of one user.' }),
  MAX_DELAY_MS: atLeastOne().default(250).register(about, {
    description: 'Milliseconds of event loop delay above which a process answers requests for changes with 429.',
  }),
  MAX_CONNECTIONS: atLeastOne().default(1_000).register(about, {
    description: 'Connections that one process accepts at the same time, event streams, too. Further ones are closed.',
  }),
  OBSERVED_STATE_SECONDS: wholeNumber(0, 3_600).default(30).register(about, {
    description: 'Seconds for which what a provider reported of a workspace is shown to everybody without asking again.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional().register(about, {
    description: 'The collector that gets spans, by OTLP over HTTP with JSON at its path /v1/traces.',
    absent: 'no spans, and nothing of OpenTelemetry is loaded',
    example: 'http://127.0.0.1:4318',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: text().optional().register(about, {
    description: 'Headers of each export, such as the credential of a collector, as name=value with commas between.',
    absent: 'none',
    where: 'The collector\'s own documents name the header.',
  }),
  OTEL_SERVICE_NAME: text().default('atelier').register(about, { description: 'The name of this service in its spans.' }),
  CRON_SECRET: text().optional().register(about, {
    description: 'The bearer token with which the scheduler of a platform starts scheduled jobs, by `GET /scheduled/prune` for instance.',
    absent: 'these routes answer 401; servers start scheduled jobs by themselves',
  }),
}

const data = {
  DATABASE_URL: postgresUrl().optional().register(about, {
    description: 'The PostgreSQL database to use.',
    absent: 'with `npm start` an embedded one, in ATELIER_DATA_DIR',
    example: 'postgres://user:password@host:5432/atelier',
    where: 'Its form is postgres://user:password@host:5432/name; `npm start` brings one along.',
  }),
  DATABASE_POOLED: trueOrFalse().default(false).register(about, {
    description: 'Whether a transaction pooler (PgBouncer, Supavisor, Neon\'s -pooler host) stands before DATABASE_URL.',
  }),
  DATABASE_DIRECT_URL: postgresUrl().optional().register(about, {
    description: 'The address of the same database past the pooler.',
    absent: 'DATABASE_URL, unless DATABASE_POOLED is true',
    where: 'The workflow runtime needs a session, which only the address past the pooler gives; functions on Vercel need none.',
  }),
  ATELIER_DATA_DIR: text().default('.data').register(about, {
    description: 'The folder of the embedded PostgreSQL, the emulators\' data and the key that `npm start` makes.',
  }),
  KEEP_EVENT_LOG_DAYS: days().default(7).register(about, {
    description: 'Days after which pruning removes the runtime\'s event log of a run that has ended.',
  }),
  KEEP_AUDIT_DAYS: days().default(730).register(about, { description: 'Days after which pruning removes an audit entry.' }),
  KEEP_IDEMPOTENCY_DAYS: days().default(7).register(about, { description: 'Days after which pruning removes an idempotency key.' }),
}

const github = {
  GITHUB_TOKEN: text().optional().register(about, {
    description: 'The token that Atelier calls GitHub with. Rolling a course back needs its scope delete_repo.',
    absent: 'the emulator',
    where: 'Make one at https://github.com/settings/tokens with the scopes repo, admin:org and delete_repo.',
  }),
  GITHUB_ORG: text().optional().register(about, {
    description: 'The organization that gets the repositories.',
    absent: 'the emulator\'s, where there is no GITHUB_TOKEN',
    where: 'It is the name in the address of the organization\'s page on GitHub.',
  }),
  GITHUB_API_URL: httpUrl().default('https://api.github.com').register(about, {
    description: 'The address of the API, for GitHub Enterprise.',
  }),
  GITHUB_ALLOWED: githubNames().optional().register(about, {
    description: 'The organizations and repositories that Atelier may ever touch, templates, too. Any other call is not made.',
    absent: 'whatever the token may touch',
    example: 'my-university my-university-templates/lab',
  }),
  GITHUB_LIMITS: rateLimits('content', 'points', 'concurrent').optional().register(about, {
    description: 'The rate limits of the token, which all processes share: number/seconds for each kind, several with commas between. '
      + 'A number alone limits calls at the same time.',
    absent: 'GitHub\'s published limits, as in the example, at api.github.com and *.ghe.com; none on an Enterprise server',
    example: 'content=80/60,500/3600 points=900/60 concurrent=100',
  }),
}

const discord = {
  DISCORD_BOT_TOKEN: text().optional().register(about, {
    description: 'The token of the bot.',
    absent: 'the emulator',
    where: 'Make a bot at https://discord.com/developers/applications and copy its token.',
  }),
  DISCORD_CLIENT_ID: text().optional().register(about, {
    description: 'The id of the application, for the link that adds its bot to a server.',
    absent: 'the emulator\'s, where there is no DISCORD_BOT_TOKEN',
    where: 'Copy it from the application at https://discord.com/developers/applications.',
  }),
  DISCORD_GUILD_ID: text().optional().register(about, {
    description: 'The Discord server of courses that name none.',
    absent: 'the server of the emulator; without the emulator, or set to nothing, such courses wait until a person adds the bot to one',
  }),
  DISCORD_API_URL: httpUrl().default('https://discord.com/api').register(about, { description: 'The address of the API.' }),
  DISCORD_LIMITS: rateLimits('global', 'invalid').optional().register(about, {
    description: 'The rate limits of the bot, as GITHUB_LIMITS. "invalid" counts refused calls: 10,000 in ten minutes get a bot banned.',
    absent: 'the limits of the example at discord.com, none elsewhere',
    example: 'global=50/1 invalid=1000/600',
  }),
}

const huggingface = {
  HF_TOKEN: text().optional().register(about, {
    description: 'The token that Atelier calls Hugging Face with. A Space is in the namespace of the repository that it belongs to.',
    absent: 'the emulator',
    where: 'Make one with the role write at https://huggingface.co/settings/tokens.',
  }),
  HF_API_URL: httpUrl().default('https://huggingface.co').register(about, { description: 'The address of the Hub.' }),
  HF_LIMITS: rateLimits('requests').optional().register(about, {
    description: 'The rate limit of the token, as GITHUB_LIMITS. Each answer of the Hub says what is left of it.',
    absent: 'that of a free account, as in the example, at huggingface.co; none elsewhere',
    example: 'requests=1000/300',
  }),
}

const figma = {
  FIGMA_TOKEN: text().optional().register(about, {
    description: 'The token that Atelier calls Figma with.',
    absent: 'the emulator',
    where: 'Make one with the scope projects:read in Figma, under Settings, Security, Personal access tokens.',
  }),
  FIGMA_TEAM_ID: text().optional().register(about, {
    description: 'The team of repositories that name none.',
    absent: 'the emulator\'s, where there is no FIGMA_TOKEN',
    where: 'It is the number after /team/ in the address of the team\'s page.',
  }),
  FIGMA_API_URL: httpUrl().default('https://api.figma.com').register(about, { description: 'The address of the API.' }),
  FIGMA_LIMITS: rateLimits('requests').optional().register(about, {
    description: 'The rate limit of the token, as GITHUB_LIMITS. Figma\'s depends on the plan and the seat.',
    absent: 'none until an answer asks to wait',
    example: 'none',
  }),
}

const sandbox = {
  VERCEL_TOKEN: text().optional().register(about, {
    description: 'The token that Atelier runs sandboxes with.',
    absent: 'VERCEL_OIDC_TOKEN, or else the emulator',
    where: 'Make one at https://vercel.com/account/settings/tokens for the team of the project.',
  }),
  VERCEL_TEAM_ID: text().optional().register(about, {
    description: 'The team of the sandboxes; VERCEL_OIDC_TOKEN names its own.',
    absent: 'the emulator\'s, where there is no VERCEL_TOKEN',
    where: 'Copy it from the settings of the team at https://vercel.com.',
  }),
  VERCEL_PROJECT_ID: text().optional().register(about, {
    description: 'The project of the sandboxes; VERCEL_OIDC_TOKEN names its own.',
    absent: 'the emulator\'s, where there is no VERCEL_TOKEN',
    where: 'Copy it from the settings of the project at https://vercel.com.',
  }),
  VERCEL_OIDC_TOKEN: text().optional().register(about, {
    description: 'The token that Vercel gives its functions. VERCEL_TOKEN goes before it.',
    absent: 'VERCEL_TOKEN',
    where: '`vercel env pull` writes one that lasts twelve hours.',
  }),
  VERCEL_SANDBOX_API_URL: httpUrl().default('https://vercel.com/api').register(about, {
    description: 'The address of the API of sandboxes.',
  }),
  VERCEL_SANDBOX_LIMITS: rateLimits('requests').optional().register(about, {
    description: 'The rate limit of the token, as GITHUB_LIMITS. Vercel\'s depends on the plan.',
    absent: 'none until an answer asks to wait',
    example: 'none',
  }),
}

const kv = {
  KV_REST_API_URL: httpUrl().optional().register(about, {
    description: 'The address of a Redis that speaks the REST protocol of Upstash. It keeps what may be lost: sessions and caches.',
    absent: 'the emulator',
    example: 'https://your-database.upstash.io',
    where: 'Create a database at https://console.upstash.com and copy its REST URL.',
  }),
  KV_REST_API_TOKEN: text().optional().register(about, {
    description: 'The token of that database.',
    absent: 'the emulator',
    where: 'Copy the REST token of the database at https://console.upstash.com.',
  }),
  KV_LIMITS: rateLimits('requests').optional().register(about, {
    description: 'The rate limit of the token, as GITHUB_LIMITS. Upstash\'s depends on the plan.',
    absent: 'none until an answer asks to wait',
    example: 'requests=1000/1',
  }),
}

/** The variables by topic, in the order of the documents. */
export const sections = {
  'Server': server,
  'Data': data,
  'GitHub': github,
  'Discord': discord,
  'Hugging Face': huggingface,
  'Figma': figma,
  'KV': kv,
  'Vercel Sandbox': sandbox,
}

/** Every variable of the environment that Atelier reads. The documents, the launcher and `env.ts` follow from it. */
export const Environment = z.object({ ...server, ...data, ...github, ...discord, ...huggingface, ...figma, ...kv, ...sandbox })
export type Environment = z.output<typeof Environment>
export type VariableName = keyof Environment

export const variableNames = Object.keys(Environment.shape) as VariableName[]
