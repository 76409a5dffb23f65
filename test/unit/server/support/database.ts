import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { beforeAll } from 'vitest'
import { own } from '../../../../scripts/lib/own.ts'
import { closeDatabase, db } from '../../../../server/db/client.ts'
import { insertRunRow } from '../../../../server/engine/queries/runs.ts'
import type { RunRef } from '../../../../server/ledger/index.ts'
import { createDatabase } from '../../../support/database.ts'
import { useStack } from '../../../support/stack.ts'

/** A migrated database for the tests of a file; the server's own client speaks to it. */
export function useDatabase(): void {
  const stack = useStack()
  beforeAll(async () => {
    const { url } = await own(stack, createDatabase, made => made.drop())
    process.env.DATABASE_URL = url
    connection = stack.adopt(postgres(url, { onnotice: () => {} }), opened => opened.end())
    stack.defer(closeDatabase)
  })
}

let connection: postgres.Sql | undefined

/** A connection beside the server's, whose driver leaves dates and JSON as text for drizzle to read. */
export const sql = (...query: [TemplateStringsArray, ...postgres.ParameterOrFragment<never>[]]) => connection!(...query)

/** A run of a subject that does not exist; absent: one that provisions a course, with one item of its step CREATE_GITHUB_REPO. */
export async function newRun({
  workflow = 'provision-course', items = [{ name: 'CREATE_GITHUB_REPO', item: 'main' }],
} = {}): Promise<RunRef> {
  const [id, subjectId] = [randomUUID(), randomUUID()]
  const run = { workflow, subjectType: 'course', subjectId }
  await db().transaction(tx => insertRunRow(tx, { ...run, id, concurrencyGroup: workflow, actor: 'owner', items }))
  return { ...run, runId: id, rootRunId: id, input: null }
}
