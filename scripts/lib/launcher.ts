import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emulatorNames } from '../../emulators/defaults.ts'
import { build } from './build.ts'
import { choosePorts, startEmulatorsChild } from './emulators.ts'
import type { EmulatorAddresses } from './emulators.ts'
import { fillIn, keepApiKey, loadEnvFile, migrationUrl, readSettings } from './environment.ts'
import type { Settings } from './environment.ts'
import { prepareDataDir } from './data-dir.ts'
import { LaunchError } from './errors.ts'
import { acquireLock } from './lock.ts'
import { migrate } from './migrate.ts'
import { own } from './own.ts'
import { checkPort, startServer } from './server.ts'
import type { Mode } from './server.ts'
import { supervisePostgres } from './supervise-postgres.ts'

const SERVER_STOP_TIMEOUT_MS = 21_000
const EMULATORS_STOP_TIMEOUT_MS = 2_000

export interface LaunchOptions {
  mode: Mode
  log: (line: string) => void
  /** Whether child processes print to `server.log` in the data folder instead of the terminal. */
  quiet?: boolean
}

export interface Launched {
  settings: Settings
  /** The owner's key, for the launcher's own calls. Only the first start prints it. */
  apiKey: string | undefined
  newApiKey: string | undefined
  emulators: EmulatorAddresses | undefined
  serverPid: () => number | undefined
  /** Rejects when the restart of a part fails. */
  ended: Promise<unknown>
}

/** The addresses of the emulators that replace a service. */
function emulatedAddresses({ emulated }: Settings, addresses?: EmulatorAddresses): Partial<EmulatorAddresses> {
  if (!addresses) return {}
  return Object.fromEntries(emulatorNames.filter(name => emulated[name]).map(name => [name, addresses[name]]))
}

/** Allows one launcher per data folder: two would stop each other's PostgreSQL. */
async function lockDataDir({ dataDir, url }: Settings, log: LaunchOptions['log'], stack: AsyncDisposableStack): Promise<void> {
  await prepareDataDir(dataDir, log)
  const note = join(dataDir, 'launcher.txt')
  const release = await acquireLock(join(dataDir, 'launcher.lock'))
  if (!release) {
    throw new LaunchError(
      `Atelier already runs on ${dataDir}: ${await readFile(note, 'utf8').catch(() => 'it has just started')}. `
      + 'Stop it first, or set ATELIER_DATA_DIR and PORT to start a second one.',
    )
  }
  stack.defer(release)
  await writeFile(note, `${url}, process ${process.pid}`)
}

/**
 * Starts PostgreSQL and the emulators, unless the environment configures the services, and then the server. Resolves
 * when the server answers. `stack` stops the server, the emulators and PostgreSQL, in this order.
 */
export async function launch({ mode, log, quiet }: LaunchOptions, stack: AsyncDisposableStack): Promise<Launched> {
  loadEnvFile()
  const env = process.env
  const settings = readSettings(env)
  const { dataDir, port, host, ownDatabase, emulated } = settings
  await lockDataDir(settings, log, stack)
  await checkPort(port)
  const { apiKey, isNew } = await keepApiKey(env, settings)
  const logFile = quiet ? await open(join(dataDir, 'server.log'), 'a', 0o600) : undefined
  stack.defer(async () => logFile?.close())
  const aborted = new AbortController()

  const starting = ownDatabase
    ? own(stack, () => supervisePostgres(join(dataDir, 'postgres'), log), database => database.stop())
    : undefined
  const migrated = Promise.resolve(starting).then(database => migrate(database?.url ?? migrationUrl(env) ?? ''))
  const building = mode === 'production' ? build(log, aborted.signal) : undefined
  stack.defer(async () => {
    aborted.abort()
    await Promise.allSettled([migrated, building])
  })
  const emulatorsDir = join(dataDir, 'emulators')
  const emulators = Object.values(emulated).some(Boolean)
    ? own(
        stack,
        async () => startEmulatorsChild(emulatorsDir, await choosePorts(emulatorsDir, log), log, logFile?.fd),
        child => child.stop(EMULATORS_STOP_TIMEOUT_MS),
      )
    : undefined
  const addresses = emulators?.then(child => child.addresses)

  const [database, emulatorAddresses] = await Promise.all([starting, addresses, migrated, building])
  const variables = {
    ...env,
    ...(apiKey && { API_KEY: apiKey }),
    ...fillIn(env, { databaseUrl: database?.url, ...emulatedAddresses(settings, emulatorAddresses) }),
    PORT: String(port),
    ATELIER_DATA_DIR: dataDir,
    ...(ownDatabase && { HOST: host }),
  }
  // Another program may have taken the port during the build.
  await checkPort(port)
  const server = await own(
    stack,
    async () => startServer({ mode, port, env: variables, log, output: logFile?.fd }),
    child => child.stop(SERVER_STOP_TIMEOUT_MS),
  )
  await server.ready
  return {
    settings,
    apiKey,
    newApiKey: isNew ? apiKey : undefined,
    emulators: emulatorAddresses,
    serverPid: server.pid,
    ended: Promise.race([server.ended, database?.ended, (await emulators)?.ended].filter(promise => promise !== undefined)),
  }
}
