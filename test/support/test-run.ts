import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { emulatorNames } from '../../emulators/defaults.ts'
import { build } from '../../scripts/lib/build.ts'
import { onOrphaned } from '../../scripts/lib/command.ts'
import { own } from '../../scripts/lib/own.ts'
import { startPostgres } from '../../scripts/lib/postgres.ts'
import { fromRoot } from '../../scripts/lib/root.ts'
import { startAtelier } from './atelier.ts'
import { createTemplate } from './database.ts'
import type { Shared } from './shared.ts'
import { withDatabase } from './sql.ts'

/**
 * Vitest's global set-up, once for a whole test run. It makes a folder in which everything of the run lies, and listens
 * for suites that need something they share: that is started when the first one asks, and ended with the run.
 */
export default async function setup(project: TestProject) {
  await using stack = new AsyncDisposableStack()
  const folder = await makeFolder(stack)
  // Also of what writes there without being asked: browsers, package managers.
  process.env.TMPDIR = folder
  const server = createServer((request, response) => {
    const answer = parts[request.url!.slice(1) as keyof Shared]
    answer().then(value => response.end(JSON.stringify(value)), (error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.stack : String(error))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  project.provide('testRun', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)

  onOrphaned(() => process.kill(process.pid, 'SIGTERM'))
  const run = stack.move()
  const parts = sharedParts(folder, run)
  return () => run.disposeAsync()
}

/** A folder of the run's own. A process beside this one removes it, however this one ends. */
async function makeFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  const caretaker = spawn(process.execPath, [fromRoot('test', 'support', 'caretaker.ts'), folder], {
    detached: true, stdio: ['pipe', 'ignore', 'inherit'],
  })
  stack.defer(async () => {
    caretaker.ref()
    caretaker.stdin.end()
    if (caretaker.exitCode === null) await once(caretaker, 'exit')
  })
  await once(caretaker, 'spawn')
  caretaker.unref()
  // A PostgreSQL that runs under another account finds its own folder in here.
  await chmod(folder, 0o711)
  return folder
}

const memo = <T>(start: () => Promise<T>): (() => Promise<T>) => {
  let started: Promise<T> | undefined
  return () => started ??= start()
}

function sharedParts(folder: string, stack: AsyncDisposableStack): { [Name in keyof Shared]: () => Promise<Shared[Name]> } {
  const postgres = memo(async () => {
    const { url } = await own(stack, () => startPostgres({ dataDir: join(folder, 'postgres') }), running => running.stop())
    // Nothing in it has to survive the machine.
    await withDatabase(url, async (sql) => {
      await sql`alter system set fsync = off`
      await sql`select pg_reload_conf()`
    })
    return createTemplate(url)
  })
  const atelier = memo(async () => {
    const templateUrl = await postgres()
    return own(stack, () => startAtelier({ templateUrl }), started => started.close())
  })
  return {
    build: memo(() => build(line => console.log(line)).then(() => true as const)),
    postgres,
    atelier: async () => {
      const { server, apiKey, databaseUrl, ...controls } = await atelier()
      const emulators = Object.fromEntries(emulatorNames.map((name) => {
        const { url, token } = controls[name]
        return [name, { url, token }]
      })) as Shared['atelier']['emulators']
      return { url: server.url, apiKey, databaseUrl, emulators }
    },
    output: async () => (await atelier()).server.output().slice(-5_000),
  }
}
