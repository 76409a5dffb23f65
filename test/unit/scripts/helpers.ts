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

/** A folder that is deleted after the test. Its name needs quoting. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier it\'s ü-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A folder for a cluster. After the test, a PostgreSQL that runs on it is stopped. */
export async function clusterFolder(): Promise<string> {
  const folder = await temporaryFolder()
  onTestFinished(async () => {
    const running = await startPostgres({ dataDir: folder })
    await running.stop()
  })
  return folder
}

/** Starts a fixture. After the test, it is killed if it is still running. */
export function startFixture(name: string, args: string[], ids: { uid?: number, gid?: number } = {}): ChildProcess {
  const child = spawn(process.execPath, [fixture(name), ...args], { ...ids, stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => kill(child))
  return child
}

/** Sends SIGKILL, and waits for the exit. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** The first output of a process. */
export async function firstOutput(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The output of the process is not a pipe.')
  const exit = once(child, 'exit').then(([code]) => [`ended with ${code}`])
  const [chunk] = await Promise.race([once(child.stdout, 'data'), exit])
  return String(chunk).trim()
}
