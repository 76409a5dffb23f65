import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp, defineEventHandler, send, toNodeListener } from 'h3'
import { describe, expect, it } from 'vitest'
import { type Export, sendExport } from '../../../../server/http/export.ts'
import { until } from '../../../support/until.ts'

interface Row { name: string | null, runIds: string[] }

async function* pagesOf(...pages: Row[][]) {
  for (const page of pages) yield page
}

/** Answers one request with an export. */
async function answer(format: 'csv' | 'jsonl', pages: Export<Row>['pages'], read: (response: Response) => Promise<unknown>) {
  const app = createApp({ onError: (_, event) => send(event, '') })
  app.use(defineEventHandler(event => sendExport(event, { name: 'things', format, columns: ['name', 'runIds'], pages })))
  const server = createServer(toNodeListener(app)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await read(await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  }
  finally {
    server.closeAllConnections()
    server.close()
  }
}
const textOf = (format: 'csv' | 'jsonl', ...pages: Row[][]) => answer(format, pagesOf(...pages), response => response.text())
const named = (name: string | null): Row => ({ name, runIds: [] })

describe('an export', () => {
  it('as CSV has a head and a line for each row', async () => {
    expect(await textOf('csv', [{ name: 'a,b', runIds: ['1', '2'] }, named('say "x"')], [named(null)]))
      .toBe('name,runIds\r\n"a,b",1 2\r\n"say ""x""",\r\n,\r\n')
    expect(await textOf('csv', [])).toBe('name,runIds\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x";"y")',
    '＝1'])('as CSV runs no formula: %j', async (name) => {
    const [, cell] = (await textOf('csv', [named(name)]) as string).split(/\r\n/)
    expect(cell).toMatch(/^"?'/)
  })

  it('as JSON Lines has an object a line, as it is', async () => {
    const rows = [named('=1+1'), { name: 'line\nbreak', runIds: ['1'] }]
    const text = await textOf('jsonl', rows.slice(0, 1), rows.slice(1)) as string
    expect(text.trimEnd().split('\n').map(line => JSON.parse(line) as Row)).toEqual(rows)
    expect(await textOf('jsonl', [])).toBe('')
  })

  it('is a file with a name', async () => {
    const headers = await answer('csv', pagesOf([]), ({ headers }) => Promise.resolve(headers)) as Headers
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="things-\d{4}-\d\d-\d\d\.csv"$/)
  })

  it('reads no page before its reader has taken the last', async () => {
    let read = 0
    async function* endless() {
      for (;;) {
        read++
        yield Array.from({ length: 1_000 }, () => named('x'.repeat(1_000)))
        await sleep(1)
      }
    }
    await answer('csv', endless(), async (response) => {
      const reader = response.body!.getReader()
      await reader.read()
      // The system's own buffers take some megabytes.
      await until(async () => {
        const before = read
        await sleep(300)
        return read === before
      }, { what: () => `the export to pause after ${read} pages` })
      expect(read).toBeLessThan(100)
      await reader.cancel()
    })
  })

  it('whose first page cannot be read is a refusal, not a file', async () => {
    const broken = pagesOf()
    broken.next = () => Promise.reject(new Error('away'))
    expect(await answer('csv', broken, ({ status }) => Promise.resolve(status))).toBe(500)
  })
})
