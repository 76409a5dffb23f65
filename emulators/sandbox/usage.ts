import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** What one sandbox may use at the most. */
export interface Limits {
  memoryBytes: number
  processes: number
  diskBytes: number
}

/** What a sandbox uses: its memory and processes. */
export interface Usage { memoryBytes: number, processes: number }

const PAGE_BYTES = 4_096

/**
 * The use of each of these processes with all its descendants. Empty where the system does not tell (only Linux does).
 * The processes of a sandbox cannot leave it: what a parent leaves behind becomes a child of the sandbox's first one.
 */
export async function usageOf(pids: number[]): Promise<Map<number, Usage>> {
  if (process.platform !== 'linux' || pids.length === 0) return new Map()
  const stats = await Promise.all((await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(async name =>
    statOf(Number(name), await readFile(`/proc/${name}/stat`, 'utf8').catch(() => ''))))
  const children = Map.groupBy(stats.filter(stat => stat !== undefined), ({ parent }) => parent)
  const own = new Map(stats.filter(stat => stat !== undefined).map(stat => [stat.pid, stat]))
  return new Map(pids.map((pid) => {
    const usage = { memoryBytes: 0, processes: 0 }
    for (const found = [pid]; found.length > 0;) {
      const next = found.pop()!
      usage.memoryBytes += own.get(next)?.memoryBytes ?? 0
      usage.processes += own.get(next)?.threads ?? 0
      found.push(...(children.get(next) ?? []).map(child => child.pid))
    }
    return [pid, usage]
  }))
}

/** The name of a process may contain anything, so that its fields are counted from behind it. */
function statOf(pid: number, text: string) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 22) return undefined
  return { pid, parent: Number(fields[1]), threads: Number(fields[17]), memoryBytes: Number(fields[21]) * PAGE_BYTES }
}

/** The bytes that a folder takes on the disk. */
export async function sizeOf(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)('du', ['-sk', '--', folder], { maxBuffer: 64 * 1024 * 1024 })
    .catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }))
  return (Number.parseInt(stdout, 10) || 0) * 1024
}
