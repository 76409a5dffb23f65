import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, it, onTestFinished, vi } from 'vitest'
import { supervisePostgres } from '../../../scripts/lib/supervise-postgres.ts'
import { temporaryFolder } from './helpers.ts'

const pidOf = async (dataDir: string) =>
  Number((await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])

it('restarts PostgreSQL at the same address after every kill, and stops it', async () => {
  const dataDir = await temporaryFolder()
  const logged: string[] = []
  const supervised = await supervisePostgres(dataDir, line => logged.push(line))
  onTestFinished(() => supervised.stop())
  const sql = postgres(supervised.url, { max: 1, onnotice: () => {} })
  onTestFinished(() => sql.end({ timeout: 1 }))
  await sql`create table kept as select 7 as n`
  for (let kills = 1; kills <= 2; kills++) {
    process.kill(await pidOf(dataDir), 'SIGKILL')
    await vi.waitUntil(() => logged.length === kills, { timeout: 15_000 })
  }
  expect(await sql`select n from kept`).toEqual([{ n: 7 }])
  await supervised.stop()
  await expect(sql`select 1`).rejects.toThrow()
  await expect(pidOf(dataDir)).rejects.toThrow(/ENOENT/)
})
