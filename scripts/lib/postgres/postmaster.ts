import { execFile } from 'node:child_process'
import { readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { LaunchError, codeOf } from '../errors.ts'
import { USER } from './cluster.ts'
import type { Cluster } from './cluster.ts'

const run = promisify(execFile)

/** The state of a process, letter of ps(1), and the name of its program. */
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
 * Whether this process lives and may be the postmaster of this cluster. A signal 0 would also find
 * a zombie, or a stranger with a reused id.
 */
export async function mayServe(cluster: Cluster, pid: number): Promise<boolean> {
  const found = await inspect(pid)
  if (!found || ['Z', 'X'].includes(found.state) || !found.program.includes('postgres')) return false
  // A postmaster works in its data folder; where the system does not tell, it may be this one.
  return await readlink(`/proc/${pid}/cwd`).catch(() => cluster.folder) === cluster.folder
}

export interface PidFile { pid: number, port: number, ready: boolean }

const pidFilePath = (cluster: Cluster) => join(cluster.folder, 'postmaster.pid')

/** What the postmaster wrote about itself; lines as in PostgreSQL's utils/pidfile.h. */
export async function readPidFile(cluster: Cluster): Promise<PidFile | undefined> {
  const lines = (await readFile(pidFilePath(cluster), 'utf8').catch(() => '')).split('\n').map(line => line.trim())
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid > 0 ? { pid, port, ready: lines[7] === 'ready' } : undefined
}

/**
 * Lets a pid file speak of a process that is certainly gone. PostgreSQL refuses to start while the
 * id in it belongs to any process, a zombie too; the file's other lines must stay, because by them
 * it finds backends of the dead postmaster that still write.
 */
export async function disownPidFile(cluster: Cluster, deadPid: number): Promise<void> {
  const text = await readFile(pidFilePath(cluster), 'utf8').catch(() => undefined)
  if (text) await writeFile(pidFilePath(cluster), text.replace(/^\d+/, String(deadPid)))
}

/** Connection string of a cluster on its port; user, password and host need no escaping. */
export const urlOf = (cluster: Cluster, port: number): string =>
  `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/postgres`

/**
 * Asks the server on a port whether it serves this very cluster.
 * `starting`: it may be ours, and says that it takes no questions yet or any more.
 */
export async function probe(cluster: Cluster, port: number): Promise<'up' | 'starting' | 'down'> {
  const sql = postgres(urlOf(cluster, port), { max: 1, connect_timeout: 3, onnotice: () => {} })
  try {
    // A copied folder brings the same password and port: the server must name our path, too.
    const [row] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`
    return row?.folder === cluster.folder ? 'up' : 'down'
  }
  catch (error) {
    if (codeOf(error) === '28P01') throw new LaunchError(`PostgreSQL refuses the password that is kept in ${cluster.folder}. Put the file "password" back, or move the folder away to start anew.`)
    // cannot_connect_now, too_many_connections
    return ['57P03', '53300'].includes(codeOf(error) ?? '') ? 'starting' : 'down'
  }
  finally {
    await sql.end({ timeout: 1 })
  }
}
