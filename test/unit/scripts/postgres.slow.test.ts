import { createServer } from 'node:net'
import { once } from 'node:events'
import { cp, mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startPostgres } from '../../../scripts/lib/postgres.ts'
import { clusterFolder, firstOutput, kill, startFixture } from './helpers.ts'

const connect = (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  onTestFinished(() => sql.end({ timeout: 1 }))
  return sql
}

/** Runs one query on its own connection. */
async function query(url: string, query: string): Promise<unknown> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [row] = await sql.unsafe(query).finally(() => sql.end({ timeout: 1 }))
  return row && Object.values(row)[0]
}

describe('a first start', () => {
  it('creates a durable UTF-8 PostgreSQL that requires a password and listens on loopback only', async () => {
    const dataDir = await clusterFolder()
    const { url } = await startPostgres({ dataDir })
    const [settings] = await connect(url)`
      select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
        current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listens,
        current_setting('unix_socket_directories') as sockets, lower('ÄÉ') as lower`
    expect(settings).toEqual({
      fsync: 'on',
      commits: 'on',
      encoding: 'UTF8',
      listens: '127.0.0.1',
      sockets: '',
      lower: 'äé',
    })
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' })
    const { mode } = await stat(join(dataDir, 'cluster', 'password'))
    expect(mode & 0o777).toBe(0o600)
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(new URL(url).password)
  })

  it('is done by one of two concurrent launchers, and used by both', async () => {
    const dataDir = await clusterFolder()
    const [one, other] = await Promise.all([startPostgres({ dataDir }), startPostgres({ dataDir })])
    expect(one).toMatchObject({ url: other.url, pid: other.pid })
    expect(await query(one.url, 'select 1')).toBe(1)
  })

  it('survives a kill during initdb, and removes the stale draft', async () => {
    const dataDir = await clusterFolder()
    const launcher = startFixture('hold-postgres.ts', [dataDir])
    const findDraft = async () => (await readdir(dataDir).catch(() => [])).find(name => name.startsWith('init-'))
    const draft = await vi.waitUntil(findDraft, { timeout: 10_000, interval: 5 })
    await kill(launcher)
    await mkdir(join(dataDir, draft), { recursive: true })
    await utimes(join(dataDir, draft), new Date(0), new Date(0))
    const { url } = await startPostgres({ dataDir })
    expect(await query(url, 'select 1')).toBe(1)
    expect(await readdir(dataDir)).not.toContain(draft)
  })

  it('refuses the folder of another major version', async () => {
    const dataDir = await clusterFolder()
    await (await startPostgres({ dataDir })).stop()
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '17\n')
    await expect(startPostgres({ dataDir })).rejects.toThrow(/written by PostgreSQL 17.*has PostgreSQL 18/)
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '18\n')
  })
})

describe('a second start', () => {
  it('takes over a running PostgreSQL', async () => {
    const dataDir = await clusterFolder()
    const first = await startPostgres({ dataDir })
    expect(await startPostgres({ dataDir })).toMatchObject({ url: first.url, pid: first.pid })
  })

  it('reuses data and address of a stopped PostgreSQL', async () => {
    const dataDir = await clusterFolder()
    const first = await startPostgres({ dataDir })
    await query(first.url, 'create table kept as select 7 as n')
    await first.stop()
    await expect(query(first.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const second = await startPostgres({ dataDir })
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'select n from kept')).toBe(7)
  })

  it('uses another port when the old one is in use', async () => {
    const dataDir = await clusterFolder()
    const first = await startPostgres({ dataDir })
    await first.stop()
    const other = createServer().listen(first.port, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const second = await startPostgres({ dataDir })
    expect(second.port).not.toBe(first.port)
    expect(await query(second.url, 'select 1')).toBe(1)
  })

  it('takes over the PostgreSQL of a killed launcher', async () => {
    const dataDir = await clusterFolder()
    const launcher = startFixture('hold-postgres.ts', [dataDir])
    const left = JSON.parse(await firstOutput(launcher)) as { url: string, pid: number }
    await kill(launcher)
    const found = await startPostgres({ dataDir })
    expect(found).toMatchObject(left)
    expect(await query(found.url, 'select 1')).toBe(1)
  })

  it('restarts with all commits after a kill of the postmaster during a query', async () => {
    const dataDir = await clusterFolder()
    const first = await startPostgres({ dataDir })
    await query(first.url, 'create table kept as select 7 as n')
    const sleep = connect(first.url)`select pg_sleep(30)`
    const lost = expect(sleep).rejects.toThrow()
    await vi.waitUntil(() => query(first.url, 'select true from pg_stat_activity where wait_event = \'PgSleep\''))
    process.kill(first.pid, 'SIGKILL')
    const second = await startPostgres({ dataDir })
    expect(second.pid).not.toBe(first.pid)
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'select n from kept')).toBe(7)
    await lost
  })

  it('starts although another program has the old process id', async () => {
    const dataDir = await clusterFolder()
    const first = await startPostgres({ dataDir })
    const pidFile = join(dataDir, 'cluster', 'postmaster.pid')
    const text = await readFile(pidFile, 'utf8')
    await first.stop()
    const program = startFixture('hold-lock.ts', [join(dataDir, 'a.lock')])
    await firstOutput(program)
    await writeFile(pidFile, text.replace(/^\d+/, String(program.pid)))
    const second = await startPostgres({ dataDir })
    expect(await query(second.url, 'select 1')).toBe(1)
    expect(program.exitCode).toBeNull()
  })

  it('distinguishes its PostgreSQL from that of a copied folder', async () => {
    const [dataDir, copy] = [await clusterFolder(), await clusterFolder()]
    await (await startPostgres({ dataDir })).stop()
    await cp(dataDir, copy, { recursive: true })
    const first = await startPostgres({ dataDir })
    // The other PostgreSQL runs with the same password. Only its folder is different.
    await cp(join(dataDir, 'cluster', 'postmaster.pid'), join(copy, 'cluster', 'postmaster.pid'))
    const second = await startPostgres({ dataDir: copy })
    expect(second.pid).not.toBe(first.pid)
    expect(await query(second.url, 'show data_directory')).toBe(join(copy, 'cluster'))
  })

  it('reports a wrong password file', async () => {
    const dataDir = await clusterFolder()
    await startPostgres({ dataDir })
    const file = join(dataDir, 'cluster', 'password')
    const password = await readFile(file, 'utf8')
    await writeFile(file, 'another')
    await expect(startPostgres({ dataDir })).rejects.toThrow(/refuses the password/)
    await writeFile(file, password)
  })
})
