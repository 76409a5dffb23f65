import { spawn, execFile } from 'node:child_process'
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { LaunchError } from './errors.ts'
import { freePort } from './ports.ts'
import { changeOwner, chooseAccount } from './postgres/account.ts'
import type { Account } from './postgres/account.ts'
import { findBinaries } from './postgres/binaries.ts'
import type { Binaries } from './postgres/binaries.ts'
import { environment, openCluster } from './postgres/cluster.ts'
import type { Cluster } from './postgres/cluster.ts'
import { isPostmasterOf, probe, readPidFile, replaceStalePid, urlOf } from './postgres/postmaster.ts'

const run = promisify(execFile)

/** How long to retry a refused start. The backends of a killed postmaster need a moment to exit. */
const START_TIMEOUT_MS = 10_000
/** How long a postmaster may start. After a crash it first replays its log. */
const RECOVERY_TIMEOUT_MS = 120_000
/** How long a ready postmaster may not answer. */
const ANSWER_TIMEOUT_MS = 10_000
const STOP_TIMEOUT_MS = 10_000
const MAX_LOG_BYTES = 5_000_000

/** Modest settings for a laptop. fsync and synchronous_commit stay on, so commits are durable. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

export interface PostgresOptions {
  /** Folder of the cluster, its log and its port. The first start creates it. */
  dataDir: string
  /** TCP port on 127.0.0.1. Default: the port of the last start if it is free, else any. */
  port?: number
  /** The account to run it. Default: the first account that is usable on this machine. */
  account?: Account
}

export interface RunningPostgres {
  /** Connection string with the password. Do not log it. */
  url: string
  port: number
  pid: number
  /** Shuts down (fast), and waits for the exit. */
  stop: () => Promise<void>
}

interface Installation { dataDir: string, cluster: Cluster, binaries: Binaries, account: Account }

async function stop({ cluster, binaries }: Installation): Promise<void> {
  const file = await readPidFile(cluster)
  const isAlive = async () => file !== undefined && await isPostmasterOf(cluster, file.pid)
  if (!file || !await isAlive()) return
  if (process.platform === 'win32') {
    await run(binaries.pg_ctl, ['stop', '--mode=fast', `--pgdata=${cluster.folder}`], { env: environment })
  }
  // A signal reaches a postmaster of any account. pg_ctl would have to run with the same account.
  else process.kill(file.pid, 'SIGINT')
  for (const deadline = Date.now() + STOP_TIMEOUT_MS; await isAlive(); await wait(10)) {
    if (Date.now() < deadline) continue
    // An immediate shutdown loses no commit: the next start replays the log.
    process.kill(file.pid, 'SIGQUIT')
    break
  }
}

/** The running postmaster of this cluster, if any. Waits while it starts or stops. */
async function findRunning(installation: Installation): Promise<RunningPostgres | undefined> {
  const { dataDir, cluster } = installation
  const start = Date.now()
  for (;;) {
    const file = await readPidFile(cluster)
    if (!file || !await isPostmasterOf(cluster, file.pid)) return undefined
    const state = file.ready ? await probe(cluster, file.port) : 'starting'
    if (state === 'up') {
      return { url: urlOf(cluster, file.port), port: file.port, pid: file.pid, stop: () => stop(installation) }
    }
    if (Date.now() - start > (state === 'starting' ? RECOVERY_TIMEOUT_MS : ANSWER_TIMEOUT_MS)) {
      throw new LaunchError(
        `PostgreSQL (process ${file.pid}) is running but does not answer. Its log is in ${dataDir}. `
        + 'End that process and start again.',
      )
    }
    await wait(20)
  }
}

async function openLog(dataDir: string) {
  const path = join(dataDir, 'postgres.log')
  const { size } = await stat(path).catch(() => ({ size: 0 }))
  if (size > MAX_LOG_BYTES) await rename(path, `${path}.1`)
  const file = await open(path, 'a', 0o600)
  const from = (await file.stat()).size
  return { file, written: async () => (await readFile(path)).subarray(from).toString().trim() }
}

/** Starts a postmaster in its own session, so that it survives this process. @returns its output if it exits at once */
async function launch(installation: Installation, port: number): Promise<{ running: RunningPostgres } | { refused: string }> {
  const { dataDir, cluster, binaries, account } = installation
  const log = await openLog(dataDir)
  const options = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { command, args, ...ids } = account.wrap(binaries.postgres, ['-D', cluster.folder, ...options])
  const child = spawn(command, args, {
    ...ids,
    env: environment,
    cwd: dataDir,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log.file.fd, log.file.fd],
  })
  const ended = new Promise<'ended'>((resolve) => {
    child.once('error', () => resolve('ended')).once('exit', () => resolve('ended'))
  })
  try {
    for (;;) {
      if (await Promise.race([ended, wait(10)]) === 'ended') break
      const file = await readPidFile(cluster)
      const running = file?.ready && file.pid === child.pid ? await findRunning(installation) : undefined
      if (running) return { running }
    }
    const refused = await log.written()
    const holder = await readPidFile(cluster)
    if (child.pid && holder && !await isPostmasterOf(cluster, holder.pid)) await replaceStalePid(cluster, child.pid)
    return { refused }
  }
  finally {
    child.unref()
    await log.file.close()
  }
}

/**
 * Starts PostgreSQL on a data folder, or takes over the one that a killed launcher has left there. It listens on
 * 127.0.0.1 only. The folder has its random password.
 * @throws LaunchError after 10 s of refused starts
 */
export async function startPostgres({ dataDir, port = 0, account }: PostgresOptions): Promise<RunningPostgres> {
  const binaries = await findBinaries()
  const usable = account ?? await chooseAccount(binaries.initdb)
  const cluster = await openCluster(dataDir, binaries, usable)
  const installation: Installation = { dataDir, binaries, account: usable, cluster }
  const portFile = join(dataDir, 'port')
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const found = await findRunning(installation)
    if (found) return found
    // Not earlier: a postmaster that runs with another account would lose access to its files.
    await changeOwner(usable, cluster.folder)
    const wanted = port || await freePort(Number(await readFile(portFile, 'utf8').catch(() => '0')))
    const outcome = await launch(installation, wanted)
    if ('running' in outcome) {
      await writeFile(portFile, String(wanted))
      return outcome.running
    }
    if (Date.now() > deadline) {
      throw new LaunchError(`PostgreSQL does not start in ${dataDir}:\n${outcome.refused.split('\n').slice(-5).join('\n')}`)
    }
    await wait(200)
  }
}
