import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emulatorNames } from '../../emulators/defaults.ts'
import { build } from './build.ts'
import { choosePorts, startEmulatorsChild } from './emulators.ts'
import type { EmulatorAddresses } from './emulators.ts'
import { fillIn, keepKeys, loadEnvFile, readSettings } from './environment.ts'
import type { Settings } from './environment.ts'
import { LaunchError } from './errors.ts'
import { keepPostgres } from './keep-postgres.ts'
import { takeLock } from './lock.ts'
import { migrate } from './migrate.ts'
import { own } from './own.ts'
import { checkPort, startServer } from './server.ts'
import type { Mode } from './server.ts'

const SERVER_GRACE_MS = 21_000
const EMULATORS_GRACE_MS = 2_000

export interface LaunchOptions {
  mode: Mode
  say: (line: string) => void
  /** Whether children print to `server.log` in the data folder instead of the terminal. */
  quiet?: boolean
}

export interface Launched {
  settings: Settings
  /** The owner's key; for the launcher's own calls, never printed again after the first start. */
  apiKey: string | undefined
  newApiKey: string | undefined
  emulators: EmulatorAddresses | undefined
  serverPid: () => number | undefined
  /** Rejects when a part could not be kept alive. */
  ended: Promise<unknown>
}

/** The addresses of the emulators that play a service. */
const played = ({ emulated }: Settings, addresses?: EmulatorAddresses): Partial<EmulatorAddresses> =>
  addresses ? Object.fromEntries(emulatorNames.filter(name => emulated[name]).map(name => [name, addresses[name]])) : {}

/** One launcher a data folder: two would stop each other's PostgreSQL. */
async function claim({ dataDir, url }: Settings, stack: AsyncDisposableStack): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const note = join(dataDir, 'launcher.txt')
  const release = await takeLock(join(dataDir, 'launcher.lock'))
  if (!release) {
    throw new LaunchError(
      `Atelier already runs on ${dataDir}: ${await readFile(note, 'utf8').catch(() => 'it has just started')}. `
      + 'Stop it first, or set ATELIER_DATA_DIR and PORT to start another one beside it.',
    )
  }
  stack.defer(release)
  await writeFile(note, `${url}, process ${process.pid}`)
}

/**
 * Starts everything that a server needs and the environment does not name, then the server, and
 * resolves when it answers. `stack` stops server, emulators and PostgreSQL, in that order.
 */
export async function launch({ mode, say, quiet }: LaunchOptions, stack: AsyncDisposableStack): Promise<Launched> {
  loadEnvFile()
  const env = process.env
  const settings = readSettings(env)
  const { dataDir, port, ownDatabase, emulated } = settings
  await claim(settings, stack)
  await checkPort(port)
  const keys = await keepKeys(env, settings)
  const log = quiet ? await open(join(dataDir, 'server.log'), 'a', 0o600) : undefined
  stack.defer(async () => log?.close())
  const aborted = new AbortController()

  const database = ownDatabase
    ? own(stack, () => keepPostgres(join(dataDir, 'postgres'), say), kept => kept.stop())
    : undefined
  const migrated = Promise.resolve(database).then(kept => migrate(kept?.url ?? (env.DATABASE_DIRECT_URL?.trim() || (env.DATABASE_URL ?? ''))))
  const building = mode === 'production' ? build(say, aborted.signal) : undefined
  stack.defer(async () => {
    aborted.abort()
    await Promise.allSettled([migrated, building])
  })
  const emulatorsDir = join(dataDir, 'emulators')
  const emulators = Object.values(emulated).some(Boolean)
    ? own(stack, async () => startEmulatorsChild(emulatorsDir, await choosePorts(emulatorsDir, say), say, log?.fd), child => child.stop(EMULATORS_GRACE_MS))
    : undefined
  const addresses = emulators?.then(child => child.addresses)

  const [kept, found] = await Promise.all([database, addresses, migrated, building])
  const variables = {
    ...env,
    ...keys.variables,
    ...fillIn(env, { databaseUrl: kept?.url, ...played(settings, found) }),
    PORT: String(port),
    // A laptop's server is for that laptop, unless it is told otherwise.
    ...(ownDatabase && { NITRO_HOST: env.NITRO_HOST ?? env.HOST ?? '127.0.0.1' }),
  }
  // Building takes a while in which another program may have come.
  await checkPort(port)
  const server = await own(stack, async () => startServer(mode, port, variables, say, log?.fd), child => child.stop(SERVER_GRACE_MS))
  await server.ready
  return {
    settings,
    apiKey: 'API_KEY' in keys.variables ? keys.variables.API_KEY : env.API_KEY,
    newApiKey: keys.newApiKey,
    emulators: found,
    serverPid: server.pid,
    ended: Promise.race([server.ended, kept?.ended, (await emulators)?.ended].filter(promise => promise !== undefined)),
  }
}
