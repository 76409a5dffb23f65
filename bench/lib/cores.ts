import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/**
 * Leaves the last core to this process and to what it starts from now on, and the others to all that it has started:
 * server, PostgreSQL and emulators.
 * @returns false where taskset is not installed, or where there is only one core
 */
export function separateCores(): boolean {
  const last = availableParallelism() - 1
  if (last < 1 || !pin(process.pid, `${last}`)) return false
  return descendantsOf(process.pid).every(pid => pin(pid, `0-${last - 1}`))
}

/** With all threads. A process that has ended meanwhile needs no core. */
function pin(pid: number, cores: string): boolean {
  return spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' }).error === undefined
}

/** Every process below another one. Only Linux lists them. */
function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const parent = parentOf(name)
    if (parent !== undefined) children.set(parent, [...children.get(parent) ?? [], Number(name)])
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap(child => [child, ...below(child)])
  return below(root)
}

function parentOf(pid: string): number | undefined {
  try {
    // The name of a program may have spaces and brackets: what follows its last bracket has none.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
  }
  catch {
    return undefined
  }
}
