import { execFile } from 'node:child_process'
import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { LaunchError, codeOf } from '../errors.ts'
import { USER } from './cluster.ts'
import type { Cluster } from './cluster.ts'

const run = promisify(execFile)

/** The state of a process, as the letter of ps(1), and the name of its program. */
async function inspect(pid: number): Promise<{ state: string, program: string } | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const match = /^\d+ \((.*)\) (\S)/s.exec(stat)
    return match ? { program: match[1] ?? '', state: match[2] ?? '' } : undefined
  }
  const { stdout } = await run('ps', ['-o', 'stat=,comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  const match = /^\s*(\S)\S*\s+(.*)$/m.exec(stdout)
  return match ? { state: match[1] ?? '', program: match[2] ?? '' } : undefined
}

/**
 * Whether this process is alive and may be the postmaster of this cluster. Signal 0 would also find a zombie, or
 * another program with a reused process id.
 */
export async function isPostmasterOf(cluster: Cluster, pid: number): Promise<boolean> {
  const found = await inspect(pid)
  if (!found || ['Z', 'X'].includes(found.state) || !found.program.includes('postgres')) return false
  // The working folder of a postmaster is its data folder. Where the system does not show it, assume so.
  return await readlink(`/proc/${pid}/cwd`).catch(() => cluster.folder) === cluster.folder
}

export interface PidFile { pid: number, port: number, ready: boolean }

const pidFilePath = (cluster: Cluster) => join(cluster.folder, 'postmaster.pid')

/** The postmaster's pid file. Its lines are defined in PostgreSQL's utils/pidfile.h. */
export async function readPidFile(cluster: Cluster): Promise<PidFile | undefined> {
  const lines = (await readFile(pidFilePath(cluster), 'utf8').catch(() => '')).split('\n').map(line => line.trim())
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid > 0 ? { pid, port, ready: lines[7] === 'ready' } : undefined
}

/**
 * Replaces the process id in a pid file with that of a dead process. PostgreSQL refuses to start while the id belongs
 * to any process, even a zombie. The other lines must stay: PostgreSQL uses them to find live backends of the dead
 * postmaster.
 */
export async function replaceStalePid(cluster: Cluster, deadPid: number): Promise<void> {
  const text = await readFile(pidFilePath(cluster), 'utf8').catch(() => undefined)
  if (text) await writeFile(pidFilePath(cluster), text.replace(/^\d+/, String(deadPid)))
}

/** Connection string of a cluster. User, password and host need no escaping. */
export const urlOf = (cluster: Cluster, port: number): string =>
  `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/postgres`

/**
 * Checks whether the server on a port serves this cluster.
 * `starting`: it may serve it, but accepts no connections now.
 */
export async function probe(cluster: Cluster, port: number): Promise<'up' | 'starting' | 'down'> {
  const sql = postgres(urlOf(cluster, port), { max: 1, connect_timeout: 3, onnotice: () => {} })
  try {
    // A copied folder has the same password and port, so the path must match, too.
    const [row] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`
    return row?.folder === cluster.folder ? 'up' : 'down'
  }
  catch (error) {
    if (codeOf(error) === '28P01') {
      throw new LaunchError(
        `PostgreSQL refuses the password in ${cluster.folder}. `
        + 'Restore the file "password", or move the folder away to start with an empty database.',
      )
    }
    // cannot_connect_now, too_many_connections
    return ['57P03', '53300'].includes(codeOf(error) ?? '') ? 'starting' : 'down'
  }
  finally {
    await sql.end({ timeout: 1 })
  }
}
