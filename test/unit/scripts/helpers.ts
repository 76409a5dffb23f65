import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { startPostgres } from '../../../scripts/lib/postgres.ts'

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

/** A folder that is gone after the test, with a name that wants quoting. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier it\'s ü-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A folder for a cluster; whatever PostgreSQL runs on it after the test is stopped. */
export async function clusterFolder(): Promise<string> {
  const folder = await temporaryFolder()
  onTestFinished(async () => {
    const running = await startPostgres({ dataDir: folder })
    await running.stop()
  })
  return folder
}

/** Starts a fixture; killed after the test if it still lives. */
export function startFixture(name: string, args: string[], ids: { uid?: number, gid?: number } = {}): ChildProcess {
  const child = spawn(process.execPath, [fixture(name), ...args], { ...ids, stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => kill(child))
  return child
}

/** SIGKILL, and waits for the end. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** The first thing that a process prints. */
export async function firstOutput(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('its output is not a pipe')
  const [chunk] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(([code]) => [`ended with ${code}`])])
  return String(chunk).trim()
}
