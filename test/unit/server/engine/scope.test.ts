import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { db } from '../../../../server/db/client.ts'
import { EVERYTHING, type Scope } from '../../../../server/db/scope.ts'
import { findRunRow, insertRunRow, listRunRows } from '../../../../server/engine/queries/runs.ts'
import { listAuditEntries } from '../../../../server/engine/resource-views.ts'
import { registerSubjects } from '../../../../server/engine/subjects.ts'
import { appendAudit } from '../../../../server/ledger/queries/audit.ts'
import { useDatabase } from '../support/database.ts'

interface Ref { subjectId: string, runId: string }

/** What is about a subject is seen by those who are bound to it. */
describe('a scope', () => {
  useDatabase()
  const page = { page: 1, pageSize: 50 }
  /** Two of one type, one of another that says nothing about scopes, and one of a type that nobody registered. */
  const [ours, theirs, silent, unknown] = Array.from({ length: 4 }, () => ({ subjectId: randomUUID(), runId: randomUUID() })) as
    [Ref, Ref, Ref, Ref]
  const types = new Map([[ours, 'shelf'], [theirs, 'shelf'], [silent, 'attic'], [unknown, 'cellar']])
  const [our, their] = [{ boundKey: randomUUID() }, { boundKey: randomUUID() }]

  beforeAll(async () => {
    const common = { load: () => Promise.resolve(new Map()), itemLabel: (key: string) => key }
    registerSubjects(
      {
        ...common, type: 'shelf', name: 'shelf', within: ({ boundKey }) => sql`(
          select id
          from (values (${ours.subjectId}::uuid, ${our.boundKey}), (${theirs.subjectId}::uuid, ${their.boundKey})) as shelf(id, key)
          where key = ${boundKey})`,
      },
      { ...common, type: 'attic', name: 'attic' },
    )
    for (const [{ subjectId, runId }, subjectType] of types) {
      const run = { id: runId, workflow: 'dust', subjectType, subjectId, concurrencyGroup: 'dust', actor: 'owner', items: [] }
      await db().transaction(tx => insertRunRow(tx, run))
      const call = { service: 'GITHUB', action: 'DUST', target: 'GET /', result: 'SUCCESS', durationMs: 1 } as const
      await appendAudit([{ ...call, at: new Date(), subjectType, subjectId, runId }])
    }
    await appendAudit([{ at: new Date(), service: 'GITHUB', action: 'DUST', target: 'GET /', result: 'SUCCESS', durationMs: 1 }])
  })

  const runsOf = async (scope: Scope) => {
    const { items, total } = await listRunRows(page, scope)
    expect(total).toBe(items.length)
    return items.map(({ id }) => id).sort()
  }

  it('has the runs of its subjects, and everything has all', async () => {
    expect(await runsOf(our)).toEqual([ours.runId])
    expect(await runsOf(their)).toEqual([theirs.runId])
    expect(await runsOf({ boundKey: randomUUID() })).toEqual([])
    expect(await runsOf(EVERYTHING)).toEqual([...types.keys()].map(({ runId }) => runId).sort())
  })

  it('decides about each run, also when runs are asked for by several at the same moment', async () => {
    const asked = [our, their, EVERYTHING] as const
    const found = await Promise.all([...types.keys()].map(({ runId }) =>
      Promise.all(asked.map(async scope => (await findRunRow(runId, scope))?.id === runId))))
    expect(found).toEqual([[true, false, true], [false, true, true], [false, false, true], [false, false, true]])
  })

  it('has the audit of its subjects, and no call that was about nothing', async () => {
    const subjectsOf = async (scope: Scope) => (await listAuditEntries(page, scope)).items.map(({ subjectId }) => subjectId)
    expect(await subjectsOf(our)).toEqual([ours.subjectId])
    expect(await subjectsOf(EVERYTHING)).toHaveLength(5)
  })
})
