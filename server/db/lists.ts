import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { db } from './client'
import { isStillReferred } from './errors'
import type { Condition } from './scope'
import type { Page } from '../../shared/schemas/page'

type ReadPage<T> = (limit: number, offset: number) => PromiseLike<T[]>

/** A page of a list, with the number of all its entries. */
export async function paged<T>(
  { page, pageSize }: { page: number, pageSize: number }, count: PromiseLike<number>, list: ReadPage<T>,
): Promise<Page<T>> {
  const [items, total] = await Promise.all([list(pageSize, (page - 1) * pageSize), count])
  return { items, page, pageSize, total }
}

/** Whether one of these texts contains the search text, in upper or lower case. */
export const contains = (search: string, ...texts: PgColumn[]): SQL =>
  sql.join(texts.map(text => sql`position(lower(${search}) in lower(${text})) > 0`), sql` or `)

/** The outcome of removing a row. */
export type Removal = 'removed' | 'missing' | 'used'

/**
 * Removes a row, unless others refer to it: PostgreSQL itself checks that, so that there is no race.
 * @param isInScope which rows the caller may see; for it there are no others
 */
export async function removeRow(table: PgTable & { id: PgColumn }, id: string, isInScope?: Condition): Promise<Removal> {
  try {
    const rows = await db().delete(table).where(and(eq(table.id, id), isInScope)).returning({ id: table.id })
    return rows.length ? 'removed' : 'missing'
  }
  catch (error) {
    if (isStillReferred(error)) return 'used'
    throw error
  }
}

/** Texts as one parameter: drivers disagree on how an array is written. */
export const textArray = (texts: string[]) => sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`

/** Rows that are read at once of a list without end: few enough that what is in memory is gone before it counts as old. */
const PAGE_ROWS = 250

/**
 * A list of any length, page by page, newest first. Each page continues after the last row, so that it costs the same
 * however far back it is, and holds no transaction open.
 * @param read reads so many rows whose id is below `before`, the highest first
 */
export async function* pagesByKey<T extends { id: number }>(
  read: (limit: number, before: number | undefined) => Promise<T[]>,
): AsyncGenerator<T[]> {
  for (let before: number | undefined; ;) {
    const rows = await read(PAGE_ROWS, before)
    yield rows
    if (rows.length < PAGE_ROWS) return
    before = rows.at(-1)!.id
  }
}
