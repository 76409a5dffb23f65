import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { flushActions, recordAction } from '../../../../server/ledger/actions.ts'
import { appendActions, eachAction, listActions, type NewAction } from '../../../../server/ledger/queries/actions.ts'
import { deleteOldActions } from '../../../../server/maintenance/index.ts'
import { log } from '../../../../server/lib/log.ts'
import { sql, useDatabase } from '../support/database.ts'

useDatabase()

const COURSE = randomUUID()
const anAction = <T extends Partial<NewAction>>(more?: T) => ({
  entryId: randomUUID(), at: new Date(), requestId: randomUUID(),
  actor: 'owner', actorName: 'Owner', role: 'owner' as const, address: '10.0.0.1',
  action: 'retryCourse', subjectType: 'course', subjectId: COURSE, status: 202, runIds: [randomUUID()], ...more!,
})
const accepted = { isRefused: false, isStranger: false }
const list = async (filter: Omit<Parameters<typeof listActions>[0], 'page' | 'pageSize'>) =>
  (await listActions({ page: 1, pageSize: 100, ...filter })).items

describe('an action', () => {
  it('is read as it was written', async () => {
    const action = anAction({ sessionId: randomUUID(), runIds: [randomUUID(), randomUUID()] })
    await appendActions([action])
    const { entryId: _, at, ...rest } = action
    expect(await list({ requestId: action.requestId })).toEqual([
      { ...rest, at: at.toISOString(), id: expect.any(Number), code: null, count: 1 },
    ])
  })

  it('whose write has an unknown outcome is written again, and once', async () => {
    const action = anAction()
    await Promise.all([appendActions([action]), appendActions([action])])
    await appendActions([action, anAction()])
    expect(await list({ requestId: action.requestId })).toHaveLength(1)
  })

  it('is found by actor, action, subject, run, request, result and time', async () => {
    const runId = randomUUID()
    const one = anAction({
      actor: randomUUID(), action: 'linkChallengeRepo', subjectType: 'challenge', subjectId: randomUUID(), runIds: [runId], status: 409,
      code: 'RUN_ACTIVE', at: new Date('2020-05-01T12:00:00Z'),
    })
    await appendActions([one, anAction()])
    const { actor, action, requestId } = one
    for (const filter of [
      { actor }, { action }, { subjectType: 'challenge' as const }, { subjectId: one.subjectId }, { runId }, { requestId },
      { result: 'REFUSED' as const }, { from: '2020-05-01T12:00:00Z', to: '2020-05-01T12:00:00.001Z' }, { to: '2020-06-01T00:00:00Z' },
    ]) expect((await list(filter)).map(found => found.requestId), JSON.stringify(filter)).toEqual([requestId])
    expect(await list({ from: '2020-05-01T12:00:00.001Z', to: '2021-01-01T00:00:00Z' })).toEqual([])
    expect((await list({ result: 'DONE' })).map(found => found.requestId)).not.toContain(requestId)
  })

  it('cannot be changed, and is removed by pruning alone', async () => {
    await appendActions([anAction({ at: new Date('1940-01-01T00:00:00Z') })])
    await expect(sql`update action_log set actor = 'x'`).rejects.toThrow('action_log is append-only')
    await expect(sql`delete from action_log`).rejects.toThrow('append-only')
    await expect(sql`truncate action_log`).rejects.toThrow('append-only')
    const before = (await list({})).length
    expect(await deleteOldActions(30_000)).toBe(1)
    expect(await list({})).toHaveLength(before - 1)
  })

  it('that cannot be written is kept, and written later', async () => {
    const said = vi.spyOn(log, 'error').mockImplementation(() => undefined)
    await sql`alter table action_log rename to action_log_away`
    const action = anAction()
    await recordAction(action, accepted)
    expect(said).toHaveBeenCalledOnce()
    await sql`alter table action_log_away rename to action_log`
    await flushActions()
    expect(await list({ requestId: action.requestId })).toHaveLength(1)
  })

  it('that was only counted is written when the minute ends, or the process', async () => {
    const actor = randomUUID()
    const refusal = () => recordAction(anAction({ actor, status: 403, code: 'ROLE_TOO_SMALL' }), { isRefused: true, isStranger: false })
    for (let n = 0; n < 100; n++) await refusal()
    expect(await list({ actor })).toHaveLength(60)
    await flushActions()
    expect((await list({ actor }))[0]).toMatchObject({ count: 40, requestId: null, code: 'ROLE_TOO_SMALL' })
  })
})

describe('all actions', () => {
  it('are read page by page, newest first, and none twice while others are added', async () => {
    const actor = randomUUID()
    await sql`insert into action_log (entry_id, at, actor, actor_name, address, action, status)
      select gen_random_uuid(), now(), ${actor}, 'Many', '10.0.0.1', 'retryRun', 202 from generate_series(1, 2500)`
    const ids: number[] = []
    for await (const page of eachAction({ actor })) {
      expect(page.length).toBeLessThanOrEqual(250)
      ids.push(...page.map(({ id }) => id))
      await appendActions([anAction({ actor })])
    }
    expect(ids).toHaveLength(2_500)
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a))
  })
})
