import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../../scripts/lib/ports.ts'
import { fromRoot } from '../../../scripts/lib/root.ts'
import { startPostgres } from '../../../scripts/lib/postgres.ts'
import type { ProvisionedProject } from '../../../scripts/demo/workspaces.ts'
import type { Resource } from '../../../shared/schemas/resource.ts'
import { withDatabase } from '../../support/sql.ts'
import { kill, temporaryFolder } from './helpers.ts'

/** Runs a command as npm does, without the configuration of this environment. */
function command(name: string, env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, [fromRoot('scripts', name), ...args], {
    cwd: fromRoot(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => output += String(chunk))
  onTestFinished(() => kill(child))
  return { child, output: () => output }
}

const exitCode = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? (await once(child, 'exit') as [number | null])[0]

/** Waits until a command prints a text. Fails with its output if the command ends, or after two minutes. */
async function printed({ child, output }: ReturnType<typeof command>, text: RegExp): Promise<void> {
  await vi.waitUntil(() => text.test(output()) || child.exitCode !== null, { timeout: 120_000, interval: 20 }).catch(() => {})
  expect(output()).toMatch(text)
}

const isUp = (port: number) => fetch(`http://127.0.0.1:${port}/health`).then(answer => answer.ok, () => false)

async function installation() {
  const dataDir = await temporaryFolder()
  onTestFinished(async () => {
    const left = await startPostgres({ dataDir: join(dataDir, 'postgres') })
    await left.stop()
  })
  const port = await freePort()
  return { dataDir, port, env: { ATELIER_DATA_DIR: dataDir, PORT: String(port) } }
}

interface Report {
  ok: boolean
  courses: { id: string, type: string, status: string, resources: Resource[] }[]
  project: ProvisionedProject
}

const lastLine = (output: string) => JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Report

/** The launcher's child process that runs the built server. */
async function serverPid(launcher: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${launcher.pid}/task/${launcher.pid}/children`, 'utf8')
  for (const pid of children.trim().split(' ').map(Number)) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('.output')) return pid
  }
  throw new Error('The launcher has no server.')
}

/** The row counts of tables, in the database of a stopped installation. */
async function rowsOf(dataDir: string, tables: string[]): Promise<number[]> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') })
  try {
    return await withDatabase(postgres.url, sql => Promise.all(tables.map(async (table) => {
      const [row] = await sql`select count(*) from ${sql(table)}`
      return Number(row!.count)
    })))
  }
  finally {
    await postgres.stop()
  }
}

describe.runIf(process.platform === 'linux')('the launcher', { timeout: 240_000 }, () => {
  it('provisions the demo although its server is killed, and finds all resources at a second run', async () => {
    const { env, dataDir } = await installation()
    const first = command('demo.ts', env, ['--exit', '--json'])
    await printed(first, /Group repositories/)
    process.kill(await serverPid(first.child), 'SIGKILL')
    expect(await exitCode(first.child), first.output()).toBe(0)
    const created = lastLine(first.output())
    expect(created).toMatchObject({
      ok: true,
      courses: [{ type: 'LECTURE', status: 'COMPLETED' }, { type: 'LABORATORY', status: 'COMPLETED' }],
    })
    expect(first.output()).toContain('The server was ended by SIGKILL and is restarted')
    expect(created.project.branches.map(({ kind, status, ref }) => [kind, status, ref])).toEqual([
      ['challenge', 'ready', 'refs/heads/challenge/001-first-public-release'],
      ['task', 'ready', 'refs/heads/task/001-setup-environment'],
      ['task', 'ready', 'refs/heads/task/001-import-the-bus-timetable'],
      ['task', 'ready', 'refs/heads/task/001-draw-the-map'],
    ])
    expect(created.courses.map(({ resources }) => resources.filter(({ type }) => type === 'REPO').length)).toEqual([1, 4])
    expect(first.output()).not.toContain((await readFile(join(dataDir, 'api-key'), 'utf8')).trim())
    expect(first.output()).not.toContain('code=')

    const second = command('demo.ts', env, ['--exit', '--json'])
    expect(await exitCode(second.child), second.output()).toBe(0)
    const ids = ({ courses }: Report) =>
      courses.flatMap(({ id, resources }) => [id, ...resources.map(({ externalId }) => externalId)])
    expect(ids(lastLine(second.output()))).toEqual(ids(created))
    expect(lastLine(second.output()).project).toEqual(created.project)
    const tables = ['projects', 'repos', 'challenges', 'tasks', 'contributors', 'challenge_repos', 'task_workspaces']
    expect(await rowsOf(dataDir, tables)).toEqual([1, 1, 1, 3, 3, 1, 3])
  })

  it('finds its data after it is killed, refuses a second launcher, and stops all its processes', async () => {
    const { env, port, dataDir } = await installation()
    const first = command('start.ts', env)
    await printed(first, /API key +\S+/)
    const key = /API key +(\S+)/.exec(first.output())?.[1]
    expect(key).toBe((await readFile(join(dataDir, 'api-key'), 'utf8')).trim())
    // Nobody watches a terminal here: a link that signs in would stay in a log.
    expect(first.output()).toMatch(/sign in +http:\/\/localhost:\d+\/sign-in, with the API key/)
    expect(first.output()).not.toContain('code=')
    await kill(first.child)

    const second = command('start.ts', env)
    await printed(second, /Atelier is up/)
    expect(second.output()).not.toContain(key)
    // The port answers before the runtime takes work.
    await vi.waitUntil(() => isUp(port), { timeout: 120_000, interval: 20 })
    const third = command('start.ts', env)
    expect(await exitCode(third.child)).toBe(1)
    const holder = `http://localhost:${port}, process ${second.child.pid}`
    expect(third.output()).toContain(`already runs on ${dataDir}: ${holder}`)
    const other = command('start.ts', { ...env, ATELIER_DATA_DIR: join(dataDir, 'other') })
    expect(await exitCode(other.child)).toBe(1)
    expect(other.output()).toMatch(new RegExp(`Port ${port} is taken.*PORT=${port + 1}`))

    second.child.kill('SIGTERM')
    expect(await exitCode(second.child)).toBe(0)
    expect(await isUp(port)).toBe(false)
    await expect(readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'))).rejects.toThrow(/ENOENT/)
  })
})
