import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify/sync'
import { setResponseHeaders, type H3Event } from 'h3'
import { log } from '../lib/log'

export interface Export<T> {
  /** The file is named by it and the day. */
  name: string
  format: 'csv' | 'jsonl'
  columns: string[]
  pages: AsyncGenerator<T[]>
}

/**
 * Answers with a list of any length as a file. Only a page of it is in memory: the next is read when the caller has
 * taken the last one.
 * @throws what the first page throws; later the answer breaks off
 */
export async function sendExport<T extends object>(event: H3Event, { name, format, columns, pages }: Export<T>): Promise<void> {
  const first = await pages.next()
  const day = new Date().toISOString().slice(0, 10)
  setResponseHeaders(event, {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
    'content-disposition': `attachment; filename="${name}-${day}.${format}"`,
  })
  const texts = async function* () {
    if (format === 'csv') yield toCsv([columns])
    const write = (rows: T[]) => format === 'csv' ? toCsv(rows.map(row => columns.map(column => toCell(row, column)))) : toLines(rows)
    if (!first.done) yield write(first.value)
    for await (const rows of pages) yield write(rows)
  }
  try {
    await pipeline(Readable.from(texts()), event.node.res)
  }
  catch (error) {
    // The caller sees a file that breaks off. One that went away itself is nobody's failure.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ error }, 'An export broke off.')
  }
}

const toLines = (rows: object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('')

/** As RFC 4180 has it. A spreadsheet would execute a cell that begins like a formula; it gets an apostrophe before it. */
const toCsv = (rows: unknown[][]): string => stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })

function toCell(row: object, column: string): unknown {
  const value: unknown = row[column as keyof typeof row]
  return Array.isArray(value) ? value.join(' ') : value
}
