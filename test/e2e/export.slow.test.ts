import { expect, it } from 'vitest'
import { withDatabase } from '../support/sql.ts'
import { useAtelier } from '../support/use-atelier.ts'

const ROWS = 100_000
const atelier = useAtelier()

/** Megabytes that the server holds. */
async function memory(): Promise<number> {
  const { body } = await atelier.api.call<string>('GET', '/metrics')
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(body)![1]) / 1e6
}

/** What the garbage collector leaves lying about for a while. */
const LITTLE_MB = 120

it.each(['csv', 'jsonl'])('an export of 100,000 actions as %s is complete, and takes little memory', async (format) => {
  const action = `made-up-${format}`
  await withDatabase(atelier.databaseUrl, sql => sql`
    insert into action_log (entry_id, at, request_id, actor, actor_name, role, address, action, status)
    select gen_random_uuid(), now(), gen_random_uuid(), 'owner', 'Owner', 'owner', '10.0.0.1', ${action}, 200
    from generate_series(1, ${ROWS})`)
  const before = await memory()
  const response = await fetch(`${atelier.server.url}/api/audit/actions/export?action=${action}&format=${format}`, {
    headers: { 'x-api-key': atelier.apiKey },
  })
  let lines = 0
  let most = before
  let measured = Date.now()
  for await (const chunk of response.body!) {
    lines += Buffer.from(chunk as Uint8Array).toString('latin1').split('\n').length - 1
    if (Date.now() - measured < 500) continue
    most = Math.max(most, await memory())
    measured = Date.now()
  }
  expect(lines).toBe(format === 'csv' ? ROWS + 1 : ROWS)
  expect(Math.max(most, await memory()) - before).toBeLessThan(LITTLE_MB)
})
