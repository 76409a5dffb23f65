import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import type { Course } from '../../shared/schemas/course.ts'
import type { Run, RunSummary } from '../../shared/schemas/run.ts'
import { laboratory } from '../support/courses.ts'
import { guild } from '../support/outside.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const CRON_SECRET = 'cron-secret-0123456789abcdef'
/** Beyond the tolerance with which the time of a call explains a resource. */
const UNEXPLAINED_MS = 11_000
/** The sweep leaves alone what may still be recorded. */
const YOUNG_MS = 31_000

/** What a call that left after its check creates: the ledger of another process has the same already. */
describe('a resource that was created twice on Discord', () => {
  const atelier = useAtelier({ env: { CRON_SECRET } })
  let course: Course
  beforeAll(async () => {
    const { body: { id } } = await atelier.api.createCourse(laboratory('Twice', 3))
    course = await atelier.api.reached(id, 'COMPLETED')
  })

  const discord = async (path: string, body: object) => (await (await fetch(`${atelier.discord.url}/api/v10${path}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'authorization': `Bot ${DISCORD_BOT_TOKEN}`, 'content-type': 'application/json' },
  })).json()) as { id: string }
  const recorded = async (type: string, key: string) =>
    (await atelier.api.resources(course.id)).find(resource => resource.type === type && resource.key === key)!

  /** Copies a group's channel, with its marker. */
  async function copyChannel(group: number): Promise<string> {
    const { name } = await recorded('CHANNEL', `group-${group}`)
    const topic = `Again [atelier:${course.id}/group-${group}]`
    return (await discord(`/guilds/${DISCORD_GUILD_ID}/channels`, { name, type: 0, topic })).id
  }

  /** Creates the category of the course once more. */
  const createCategory = async (): Promise<string> =>
    (await discord(`/guilds/${DISCORD_GUILD_ID}/channels`, { name: (await recorded('CATEGORY', 'main')).name, type: 4 })).id

  /** As the audit says it of a process that made the call though it had lost its lease. */
  const audit = (action: string, item: string) => withDatabase(atelier.databaseUrl, sql => sql`
    insert into audit_log (at, service, action, target, result, status_code, duration_ms, subject_type, subject_id, item)
    values (now(), 'DISCORD', ${action}, 'POST /', 'SUCCESS', 201, 10, 'course', ${course.id}, ${item})`)

  async function sweep(): Promise<Run> {
    await withDatabase(atelier.databaseUrl, sql => sql`update schedules set tick = tick - interval '1 year'`)
    const call = () => atelier.api.call('GET', '/scheduled/prune', { headers: { authorization: `Bearer ${CRON_SECRET}` } })
    const id = await until(async () => {
      await call()
      return (await atelier.api.call<{ items: RunSummary[] }>('GET', '/api/runs?workflow=prune')).body.items[0]?.id
    })
    return until(async () => {
      const { body } = await atelier.api.call<Run>('GET', `/api/runs/${id}`)
      return ['completed', 'failed'].includes(body.status) ? body : undefined
    })
  }

  it('is removed when it is certainly ours and nobody uses it; any other is left and named', { timeout: 120_000 }, async () => {
    await withDatabase(atelier.databaseUrl, sql => sql`update external_resources set fence = 2 where subject_id = ${course.id}`)
    await sleep(UNEXPLAINED_MS)
    const [ours, used, copied] = [await copyChannel(1), await copyChannel(2), await copyChannel(3)]
    const role = (await discord(`/guilds/${DISCORD_GUILD_ID}/roles`, { name: (await recorded('ROLE', 'group-1')).name })).id
    await discord(`/channels/${used}/messages`, { content: 'Somebody writes here.' })
    const category = await createCategory()
    const usedCategory = await createCategory()
    await discord(`/guilds/${DISCORD_GUILD_ID}/channels`, { name: 'of-a-person', type: 0, parent_id: usedCategory })
    for (const item of ['group-1', 'group-2', 'main']) await audit('DISCORD_CREATE_CHANNEL', item)
    await audit('DISCORD_CREATE_ROLE', 'group-1')
    await sleep(YOUNG_MS)
    const run = await sweep()

    const { channels, roles } = await guild(atelier)
    const left = channels.map(({ id }) => id)
    const hasRole = roles.some(({ id }) => id === role)
    const made = Object.entries({ ours, used, copied, category, usedCategory })
    const isLeft = Object.fromEntries(made.map(([name, id]) => [name, left.includes(id)]))
    expect({ ...isLeft, role: hasRole })
      .toEqual({ ours: false, used: true, copied: true, category: false, usedCategory: true, role: false })
    for (const { externalId } of await atelier.api.resources(course.id))
      expect([
        ...left, ...roles.map(({ id }) => id), ...externalId!.match(/^\d{17,20}$/) ? [] : [externalId], DISCORD_GUILD_ID,
      ]).toContain(externalId)

    const step = run.steps.find(({ name }) => name === 'SWEEP_DUPLICATES')!
    expect(step.error).toMatchObject({ code: 'RESOURCE_CONFLICT', message: expect.stringContaining('removed 3') })
    for (const id of [used, copied, usedCategory]) expect(step.error!.message).toContain(id)
    for (const id of [ours, category, role]) expect(step.error!.message).not.toContain(id)
    const { body: { items } } = await atelier.api.call<{ items: { action: string, target: string }[] }>(
      'GET', `/api/audit?subjectId=${course.id}&pageSize=100`,
    )
    expect(items.filter(({ action }) => action.startsWith('DISCORD_DELETE')).map(({ target }) => target.split('/').at(-1)).sort())
      .toEqual([ours, category, role].sort())
  })
})
