import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../shared/schemas/audit.ts'
import type { Page } from '../../shared/schemas/page.ts'
import { combined, lecture } from '../support/courses.ts'
import { outsideCalls } from '../support/outside.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const audit = async (query: string) => (await atelier.api.call<Page<AuditEntry>>('GET', `/api/audit?${query}`)).body
const sql = (...sentences: string[]) => withDatabase(atelier.databaseUrl, async (sql) => {
  for (const sentence of sentences) await sql.unsafe(sentence)
})
/** Calls as `method path status`, sorted, of the emulators or of the audit. */
const sortedCalls = (calls: { method?: string, path?: string, target?: string, status?: number, statusCode?: number | null }[]) =>
  calls.map(({ method, path, target, status, statusCode }) =>
    `${target ?? `${method} ${decodeURIComponent(path!).replace(/^\/api\/v\d+/, '')}`} ${status ?? statusCode ?? 0}`).sort()

async function expectAllAudited(subjectId: string) {
  const calls = await outsideCalls(atelier)
  const entries = await until(async () => {
    const page = await audit(`subjectId=${subjectId}&pageSize=100`)
    return page.items.length >= calls.length ? page.items : undefined
  }, { what: () => 'every call to be in the audit' })
  expect(sortedCalls(entries)).toEqual(sortedCalls(calls))
  return entries
}

async function clearCalls() {
  await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])
}

describe('the audit', () => {
  it('has every outside call, with its duration and what it was for', async () => {
    await clearCalls()
    await atelier.github.latency(30)
    await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'status', status: 503 })
    const { body: { id, run } } = await atelier.api.createCourse(combined('Audited', 2))
    await atelier.api.reached(id, 'COMPLETED')
    const entries = await expectAllAudited(id)
    for (const {
      service, durationMs, runId, subjectType, subjectId, step, item, itemLabel, attempt, result, statusCode, errorMessage, action,
    } of entries) {
      expect([runId, subjectType, subjectId]).toEqual([run.id, 'course', id])
      expect(step).toMatch(/^[A-Z_]+$/)
      expect(item).toMatch(/^(main|group-\d|[a-z-]+)$/)
      if (item!.startsWith('group-')) expect(itemLabel).toBe(item!.replace('group-', 'Group '))
      expect(action).toMatch(new RegExp(`^${service}_(?!CALL)`))
      expect(attempt).toBeGreaterThanOrEqual(1)
      if (service === 'GITHUB') expect(durationMs).toBeGreaterThanOrEqual(30)
      expect(result === 'FAILURE').toBe(statusCode === null || statusCode >= 400)
      expect(errorMessage === null).toBe(result === 'SUCCESS')
    }
    const failures = entries.filter(({ result }) => result === 'FAILURE')
      .map(({ action, statusCode, attempt }) => [action, statusCode, attempt])
    expect(failures, 'newest first: the look whether the refused call had taken effect, and that call')
      .toEqual([['GITHUB_GET_REPO', 404, 2], ['GITHUB_CREATE_REPO', 503, 1]])
    await atelier.github.latency(0)
  })

  it('has the call that was still out when one beside it failed', async () => {
    await clearCalls()
    await atelier.github.fault({ operation: 'git/create-tree', when: 'before', action: 'status', status: 500 })
    await atelier.github.fault({ operation: 'git/get-ref', when: 'after', action: 'delay', ms: 300 })
    const { body: { id } } = await atelier.api.createCourse(lecture('Late'))
    await atelier.api.reached(id, 'COMPLETED')
    await expectAllAudited(id)
  })

  it('comes in pages, newest first, and is filtered', async () => {
    const { body: { id, run } } = await atelier.api.createCourse(lecture('Paged'))
    await atelier.api.reached(id, 'COMPLETED')
    const everything = await audit(`subjectId=${id}&pageSize=100`)
    expect(everything.total).toBe(everything.items.length)
    const ids = everything.items.map(entry => entry.id)
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
    const pages = await Promise.all([1, 2, 3].map(page => audit(`subjectId=${id}&pageSize=5&page=${page}`)))
    expect(pages.flatMap(({ items }) => items.map(entry => entry.id))).toEqual(ids.slice(0, 15))
    expect((await audit(`runId=${run.id}&pageSize=100`)).items).toEqual(everything.items)
    expect((await audit(`subjectId=${id}&result=FAILURE`)).total).toBe(0)
    expect((await audit('pageSize=1')).total).toBeGreaterThan(everything.total)
  })

  it.each([
    'update audit_log set result = \'SUCCESS\'', 'delete from audit_log', 'truncate audit_log',
  ])('refuses "%s"', async (sentence) => {
    await expect(sql(sentence)).rejects.toThrow('append-only')
  })

  it('outlives the course that it speaks of', async () => {
    const { body: { id } } = await atelier.api.createCourse(lecture('Gone'))
    await atelier.api.reached(id, 'COMPLETED')
    const { total } = await audit(`subjectId=${id}`)
    await sql(
      `delete from external_resources where subject_id = '${id}'`,
      `delete from job_executions where subject_id = '${id}'`,
      `delete from courses where id = '${id}'`,
    )
    expect((await audit(`subjectId=${id}`)).total).toBe(total)
  })
})

describe('an audit that cannot be written', () => {
  it('repeats no call, holds nothing up, and is written later', async () => {
    await clearCalls()
    await sql('alter table audit_log rename to audit_log_away')
    const { body: { id } } = await atelier.api.createCourse(combined('Unaudited', 2))
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.run.steps.map(({ attempts }) => attempts)).toEqual(course.run.steps.map(() => 1))
    const mutations = (await outsideCalls(atelier))
      .filter(({ mutation }) => mutation)
      .map(({ operation, subject }) => `${operation} ${subject}`)
    expect(mutations).toHaveLength(new Set(mutations).size)
    expect(atelier.server.output()).toContain('The audit could not be written')
    await sql('alter table audit_log_away rename to audit_log')
    await expectAllAudited(id)
  })
})
