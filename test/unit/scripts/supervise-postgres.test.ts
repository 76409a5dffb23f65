import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, it, onTestFinished, vi } from 'vitest'
import { keepPostgres } from '../../../scripts/lib/keep-postgres.ts'
import { temporaryFolder } from './helpers.ts'

const pidOf = async (dataDir: string) => Number((await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])

it('brings PostgreSQL back at the same address however often it is killed, and stops it for good', async () => {
  const dataDir = await temporaryFolder()
  const said: string[] = []
  const kept = await keepPostgres(dataDir, line => said.push(line))
  onTestFinished(() => kept.stop())
  const sql = postgres(kept.url, { max: 1, onnotice: () => {} })
  onTestFinished(() => sql.end({ timeout: 1 }))
  await sql`create table kept as select 7 as n`
  for (let kills = 1; kills <= 2; kills++) {
    process.kill(await pidOf(dataDir), 'SIGKILL')
    await vi.waitUntil(() => said.length === kills, { timeout: 15_000 })
  }
  expect(await sql`select n from kept`).toEqual([{ n: 7 }])
  await kept.stop()
  await expect(sql`select 1`).rejects.toThrow()
  await expect(pidOf(dataDir)).rejects.toThrow(/ENOENT/)
})
