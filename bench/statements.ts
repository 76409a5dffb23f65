import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { startPostgres } from '../scripts/lib/postgres.ts'
import { LECTURES, provisionLectures } from './courses.ts'
import type { Bench } from './lib/bench.ts'
import type { Figure } from './lib/figures.ts'

/** What PostgreSQL writes to its log for each statement, prepared or not. */
const STATEMENT = / LOG: {2}(?:execute|statement)/g

/** Counts the statements of twenty concurrent lectures, in PostgreSQL's own log. */
export async function benchStatements(bench: Bench, dataDir: string): Promise<Figure[]> {
  const folder = join(dataDir, 'postgres')
  const { url } = await startPostgres({ dataDir: folder })
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await bench.reset()
    await bench.latency(0)
    const count = async () => (await readFile(join(folder, 'postgres.log'), 'utf8')).match(STATEMENT)?.length ?? 0
    await logStatements(sql, 'all')
    const before = await count()
    await provisionLectures(bench, 'Counted')
    await logStatements(sql, 'none')
    return [{ name: 'statements of a course, the runtime\'s included', value: (await count() - before) / LECTURES, unit: '', target: 110 }]
  }
  finally {
    await sql.end()
  }
}

async function logStatements(sql: postgres.Sql, which: 'all' | 'none'): Promise<void> {
  await sql.unsafe(`alter system set log_statement = '${which}'`)
  await sql`select pg_reload_conf()`
  // Each session takes the new setting over before its next statement.
  while ((await sql`show log_statement`)[0]!.log_statement !== which);
}
