import { spawn, execFile } from 'node:child_process'
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { LaunchError } from './errors.ts'
import { freePort } from './ports.ts'
import { chooseAccount, giveTo } from './postgres/account.ts'
import type { Account } from './postgres/account.ts'
import { findBinaries } from './postgres/binaries.ts'
import type { Binaries } from './postgres/binaries.ts'
import { environment, openCluster } from './postgres/cluster.ts'
import type { Cluster } from './postgres/cluster.ts'
import { disownPidFile, mayServe, probe, readPidFile, urlOf } from './postgres/postmaster.ts'

const run = promisify(execFile)

/** How long a refused start is tried again: backends of a killed postmaster need a moment to go. */
const RELAUNCH_MS = 10_000
/** How long a living postmaster may take to answer: after a crash it first replays its log. */
const RECOVERY_MS = 120_000
/** How long one that says it is ready may be silent. */
const SILENCE_MS = 10_000
const STOP_MS = 10_000
const LOG_LIMIT = 5_000_000

/** Modest for a laptop; durable as it comes, fsync and synchronous_commit stay on. */
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
  /** Folder for the cluster, its log and its remembered port; made when it is not there. */
  dataDir: string
  /** TCP port on 127.0.0.1; 0 or absent: the one of the last start if it is free, else any. */
  port?: number
  /** How to run it; absent: the first way that works on this machine. */
  account?: Account
}

export interface RunningPostgres {
  /** Connection string with the password in it: not for logs. */
  url: string
  port: number
  pid: number
  /** Fast shutdown, and waits for its end. */
  stop: () => Promise<void>
}

interface Home { dataDir: string, cluster: Cluster, binaries: Binaries, account: Account }

async function stop({ cluster, binaries }: Home): Promise<void> {
  const file = await readPidFile(cluster)
  const lives = async () => file !== undefined && await mayServe(cluster, file.pid)
  if (!file || !await lives()) return
  // A signal of our own: it reaches a postmaster of any account, where pg_ctl's would come from the wrong one.
  if (process.platform === 'win32') await run(binaries.pg_ctl, ['stop', '--mode=fast', `--pgdata=${cluster.folder}`], { env: environment })
  else process.kill(file.pid, 'SIGINT')
  for (const deadline = Date.now() + STOP_MS; await lives(); await wait(10)) {
    if (Date.now() < deadline) continue
    // Immediate shutdown: nothing that was committed is lost, the next start replays the log.
    process.kill(file.pid, 'SIGQUIT')
    break
  }
}

/** The postmaster that already serves this cluster, waited for while it starts or stops. */
async function findRunning({ dataDir, cluster, ...rest }: Home): Promise<RunningPostgres | undefined> {
  const began = Date.now()
  for (;;) {
    const file = await readPidFile(cluster)
    if (!file || !await mayServe(cluster, file.pid)) return undefined
    const state = file.ready ? await probe(cluster, file.port) : 'starting'
    if (state === 'up') return { url: urlOf(cluster, file.port), port: file.port, pid: file.pid, stop: () => stop({ dataDir, cluster, ...rest }) }
    if (Date.now() - began > (state === 'starting' ? RECOVERY_MS : SILENCE_MS))
      throw new LaunchError(`PostgreSQL (process ${file.pid}) lives but does not answer; its log is in ${dataDir}. End that process and start again.`)
    await wait(20)
  }
}

async function openLog(dataDir: string) {
  const path = join(dataDir, 'postgres.log')
  const { size } = await stat(path).catch(() => ({ size: 0 }))
  if (size > LOG_LIMIT) await rename(path, `${path}.1`)
  const file = await open(path, 'a', 0o600)
  const from = (await file.stat()).size
  return { file, written: async () => (await readFile(path)).subarray(from).toString().trim() }
}

/** Starts a postmaster of its own session, which outlives us; answers what it wrote if it ended at once. */
async function launch(home: Home, port: number): Promise<{ running: RunningPostgres } | { refused: string }> {
  const log = await openLog(home.dataDir)
  const options = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { command, args, ...ids } = home.account.wrap(home.binaries.postgres, ['-D', home.cluster.folder, ...options])
  const child = spawn(command, args, { ...ids, env: environment, cwd: home.dataDir, detached: true, windowsHide: true, stdio: ['ignore', log.file.fd, log.file.fd] })
  const ended = new Promise<'ended'>(resolve => child.once('error', () => resolve('ended')).once('exit', () => resolve('ended')))
  try {
    for (;;) {
      if (await Promise.race([ended, wait(10)]) === 'ended') break
      const file = await readPidFile(home.cluster)
      const running = file?.ready && file.pid === child.pid ? await findRunning(home) : undefined
      if (running) return { running }
    }
    const refused = await log.written()
    const holder = await readPidFile(home.cluster)
    if (child.pid && holder && !await mayServe(home.cluster, holder.pid)) await disownPidFile(home.cluster, child.pid)
    return { refused }
  }
  finally {
    child.unref()
    await log.file.close()
  }
}

/**
 * Starts PostgreSQL on a data folder of its own, or takes over the one that a killed launcher left
 * running there. It listens on 127.0.0.1 only, with a random password that lies in the folder.
 * @throws LaunchError that says what to do, after 10 s of refused starts
 */
export async function startPostgres({ dataDir, port = 0, account }: PostgresOptions): Promise<RunningPostgres> {
  const binaries = await findBinaries()
  const way = account ?? await chooseAccount(binaries.initdb)
  const home: Home = { dataDir, binaries, account: way, cluster: await openCluster(dataDir, binaries, way) }
  const portFile = join(dataDir, 'port')
  const deadline = Date.now() + RELAUNCH_MS
  for (;;) {
    const found = await findRunning(home)
    if (found) return found
    // Not before: one that runs under another account would lose its files.
    await giveTo(way, home.cluster.folder)
    const wanted = port || await freePort(Number(await readFile(portFile, 'utf8').catch(() => '0')))
    const outcome = await launch(home, wanted)
    if ('running' in outcome) {
      await writeFile(portFile, String(wanted))
      return outcome.running
    }
    if (Date.now() > deadline) throw new LaunchError(`PostgreSQL does not start in ${dataDir}:\n${outcome.refused.split('\n').slice(-5).join('\n')}`)
    await wait(200)
  }
}
