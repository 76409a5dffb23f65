import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { beforeAll } from 'vitest'
import { own } from '../../../../scripts/lib/own.ts'
import { closeDatabase, db } from '../../../../server/db/client.ts'
import { insertRun } from '../../../../server/db/queries/runs.ts'
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

/** A run of a course that is not there: with one item of the step CREATE_GITHUB_REPO. */
export async function newRun(): Promise<{ runId: string, subjectId: string }> {
  const [runId, subjectId] = [randomUUID(), randomUUID()]
  await db().transaction(tx => insertRun(tx, { id: runId, workflow: 'provision-course', subjectId, actor: 'owner', items: [{ name: 'CREATE_GITHUB_REPO', item: 'main' }] }))
  return { runId, subjectId }
}
