import { expect, it } from 'vitest'
import { withDatabase } from '../support/sql.ts'
import { useAtelier } from '../support/use-atelier.ts'

const ROWS = 300_000
/** As a whole the rows would take more than this, and the server would end. */
const HEAP_MB = 192

const atelier = useAtelier({ env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } })

it.each(['csv', 'jsonl'])('an export of 300,000 actions as %s is complete, in a heap that could not hold them', async (format) => {
  const action = `made-up-${format}`
  await withDatabase(atelier.databaseUrl, sql => sql`
    insert into action_log (entry_id, at, request_id, actor, actor_name, role, address, action, status)
    select gen_random_uuid(), now(), gen_random_uuid(), 'owner', 'Owner', 'owner', '10.0.0.1', ${action}, 200
    from generate_series(1, ${ROWS})`)
  const pid = atelier.server.pid()
  const response = await fetch(`${atelier.server.url}/api/audit/actions/export?action=${action}&format=${format}`, {
    headers: { 'x-api-key': atelier.apiKey },
  })
  let lines = 0
  for await (const chunk of response.body!) lines += Buffer.from(chunk as Uint8Array).toString('latin1').split('\n').length - 1
  expect(lines).toBe(format === 'csv' ? ROWS + 1 : ROWS)
  expect((await fetch(`${atelier.server.url}/health`)).status).toBe(200)
  expect(atelier.server.pid()).toBe(pid)
}, 240_000)
