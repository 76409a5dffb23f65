import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { LaunchError, codeOf } from '../errors.ts'
import { changeOwner } from './account.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'

const run = promisify(execFile)

const MAJOR = '18'
/** Drafts of this age belong to a killed launcher. */
const STALE_DRAFT_MS = 120_000

/** The superuser of the embedded PostgreSQL. Its database is `postgres`. */
export const USER = 'atelier'

const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot']

/** The environment of PostgreSQL, without our secrets. */
export const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(INHERITED.flatMap(name => process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  TZ: 'UTC',
  LC_ALL: 'C',
}

/** A PGDATA folder and the password of its superuser. */
export interface Cluster { folder: string, password: string }

async function removeStaleDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith('init-')) continue
    const path = join(dataDir, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > STALE_DRAFT_MS) await rm(path, { recursive: true, force: true })
  }
}

async function createCluster(folder: string, dataDir: string, binaries: Binaries, account: Account): Promise<void> {
  const draft = await mkdtemp(join(dataDir, 'init-'))
  try {
    const data = join(draft, 'data')
    const password = join(draft, 'password')
    await writeFile(password, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
    await mkdir(data, { mode: 0o700 })
    await changeOwner(account, draft)
    const { command, args, ...ids } = account.wrap(binaries.initdb, [
      `--pgdata=${data}`, `--username=${USER}`, `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8',
      '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    ])
    await run(command, args, { ...ids, env: environment, cwd: dataDir }).catch((error: Error & { stderr?: string }) => {
      throw new LaunchError(`PostgreSQL could not create its data folder in ${dataDir}: ${(error.stderr || error.message).trim()}`)
    })
    // The password is inside PGDATA, so that one rename publishes both atomically.
    await rename(password, join(data, 'password'))
    await rename(data, folder).catch((error: unknown) => {
      // Another launcher has created the cluster meanwhile.
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '')) throw error
    })
  }
  finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** The cluster of a data folder. The first call creates it; a crash leaves only a draft, which later calls remove. */
export async function openCluster(dataDir: string, binaries: Binaries, account: Account): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const folder = join(await realpath(dataDir), 'cluster')
  const version = () => readFile(join(folder, 'PG_VERSION'), 'utf8').then(text => text.trim(), () => undefined)
  await removeStaleDrafts(dataDir)
  if (!await version()) await createCluster(folder, dataDir, binaries, account)
  const found = await version()
  if (found !== MAJOR) {
    throw new LaunchError(
      `${folder} was written by PostgreSQL ${found ?? '(unknown)'}, and this Atelier has PostgreSQL ${MAJOR}. `
      + `Move ${basename(dataDir)} away to start with an empty database, or dump it with the Atelier that wrote it.`,
    )
  }
  const password = await readFile(join(folder, 'password'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) !== 'EACCES') throw error
    throw new LaunchError(
      `${folder} belongs to another user. Start Atelier as that user, or set ATELIER_DATA_DIR to a folder of your own.`,
    )
  })
  return { folder, password }
}
