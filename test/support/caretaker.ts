import { readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPostmasterOf, readPidFile } from '../../scripts/lib/postgres/postmaster.ts'

/**
 * Outlives a test run and clears up after it: `node caretaker.ts <folder>` waits until its standard input ends, which
 * also happens when the test run is killed, then ends every PostgreSQL in the folder and removes the folder.
 */
const [folder = ''] = process.argv.slice(2)
const LOOK_MS = 50
const PATIENCE_MS = 20_000

/** Folders of PostgreSQL that a server has not left yet. */
async function clusters(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.filter(name => name.endsWith('postmaster.pid')).map(name => dirname(join(folder, name)))
}

async function endPostgres(cluster: string): Promise<boolean> {
  const found = { folder: cluster, password: '' }
  const file = await readPidFile(found)
  if (!file || !await isPostmasterOf(found, file.pid)) return false
  // At once: nobody needs its data any more.
  process.kill(file.pid, 'SIGQUIT')
  return true
}

async function clearUp(): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_MS)) {
    const ended = await Promise.all((await clusters()).map(endPostgres))
    if (ended.includes(true)) continue
    // What is still being written into comes back, and is removed again.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    if (!await stat(folder).catch(() => undefined)) return
  }
}

// The terminal tells everybody; this process has work to do just then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.stdin.on('error', () => {}).on('close', () => {
  clearUp().then(() => process.exit(), (error: unknown) => {
    console.error(error)
    process.exit(1)
  })
}).resume()
