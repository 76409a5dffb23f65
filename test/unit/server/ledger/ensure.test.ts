import { randomInt, randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import { PROCESS_LOCK } from '../../../../server/ledger/queries/liveness.ts'
import { leaseResource, type ResourceIdentity } from '../../../../server/ledger/queries/resources.ts'
import { ensure } from '../../../../server/ledger/ensure.ts'
import type { CreatedResource, ResourceDriver } from '../../../../server/lib/resource-driver.ts'
import { thisProcess } from '../../../../server/lib/process.ts'
import { ProviderError, type ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { until } from '../../../support/until.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()

const made: CreatedResource = { id: '42', url: 'https://github.com/atelier/repo', detail: { branch: 'main' } }
const identify = async (more: Partial<ResourceIdentity> = {}): Promise<ResourceIdentity> =>
  ({ subjectType: 'course', ...await newRun(), service: 'GITHUB', type: 'REPO', key: 'main', name: 'repo', ...more })
const maker = ({ look = 'first', find = () => Promise.resolve(null), create = () => Promise.resolve(made) }: Partial<ResourceDriver> = {}) => ({ look, find: vi.fn(find), create: vi.fn(create) })
const failure = (code: ProviderErrorCode, retryable: boolean) => new ProviderError({ code, message: 'm', why: 'w', fix: 'f', retryable })
const row = async ({ subjectId }: ResourceIdentity) => (await sql`select * from external_resources where subject_id = ${subjectId}`)[0]
/** Another execution takes over, as when our lease is over. */
const takeOver = async ({ subjectId }: ResourceIdentity) => void await sql`update external_resources set fence = fence + 1 where subject_id = ${subjectId}`
const heldBy = async (identity: ResourceIdentity, holder: string) => expect(await leaseResource({ ...identity, holder })).toMatchObject({ state: 'leased' })

describe('a resource', () => {
  it('is intended, then made, then remembered; afterwards it is only remembered', async () => {
    const identity = await identify()
    const before = vi.fn()
    const first = maker({ create: async () => {
      before(await row(identity))
      return made
    } })
    expect(await ensure(identity, first)).toEqual(made)
    expect(before.mock.calls[0]![0]).toMatchObject({ external_id: null, made_at: null, intended_at: expect.any(Date) })
    expect(await row(identity)).toMatchObject({ external_id: '42', lease_holder: null, made_at: expect.any(Date) })
    const again = maker()
    expect(await ensure(identity, again)).toEqual(made)
    expect([again.find.mock.calls, again.create.mock.calls]).toEqual([[], []])
  })

  it('is looked for first only where its provider would take a second one', async () => {
    const careless = maker({ look: 'after-interruption' })
    await ensure(await identify(), careless)
    expect(careless.find).not.toHaveBeenCalled()
    const found = maker({ find: () => Promise.resolve(made) })
    expect(await ensure(await identify(), found)).toEqual(made)
    expect(found.create).not.toHaveBeenCalled()
    expect(found.find).toHaveBeenCalledWith(expect.objectContaining({ ours: false, others: [] }))
  })

  it('is made once by many at the same time', async () => {
    const identity = await identify()
    const shared = maker()
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => ensure(identity, shared)))
    expect(shared.create).toHaveBeenCalledOnce()
    for (const outcome of outcomes) expect(outcome.status === 'fulfilled' ? outcome.value : outcome.reason).toMatchObject(outcome.status === 'fulfilled' ? made : { code: 'RESOURCE_BUSY', retryable: true })
    expect(await ensure(identity, shared)).toEqual(made)
  })
})

describe('another holder', () => {
  it('that lives is left alone', async () => {
    const identity = await identify()
    const [holder, lockKey] = [randomUUID(), randomInt(2 ** 31 - 1)]
    await sql`insert into processes (id, lock_key) values (${thisProcess().id}, ${thisProcess().lockKey})`
    const session = await driver().reserve()
    await session`select pg_advisory_lock(${PROCESS_LOCK}::int, ${lockKey}::int)`
    await sql`insert into processes (id, lock_key) values (${holder}, ${lockKey})`
    await heldBy(identity, holder)
    await sql`update external_resources set leased_at = now() - interval '30 seconds' where subject_id = ${identity.subjectId}`
    const mine = maker()
    await expect(ensure(identity, mine)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect([mine.find.mock.calls, mine.create.mock.calls]).toEqual([[], []])

    await session`select pg_advisory_unlock(${PROCESS_LOCK}::int, ${lockKey}::int)`
    session.release()
    // Its last call may still take effect.
    await sql`update external_resources set leased_at = now() - interval '2100 milliseconds' where subject_id = ${identity.subjectId}`
    // It lost the connection of its lock, but its heart beats.
    await expect(ensure(identity, mine)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    // A heartbeat from before PostgreSQL's own start tells nothing.
    await until(async () => (await sql`select 1 where now() - interval '4 seconds' > pg_postmaster_start_time()`).length)
    await sql`update processes set heartbeat_at = case id when ${holder} then now() - interval '4 seconds' else now() end`
    // We were cut off ourselves.
    await sql`update processes set healthy_since = now() where id = ${thisProcess().id}`
    await expect(ensure(identity, mine)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    await sql`update processes set healthy_since = '-infinity' where id = ${thisProcess().id}`
    expect(await ensure(identity, mine)).toEqual(made)
  })

  it('that died a moment ago is waited for, as its last call may still take effect', async () => {
    const identity = await identify()
    const holder = randomUUID()
    await sql`insert into processes (id, lock_key) values (${holder}, ${randomInt(2 ** 31 - 1)})`
    await heldBy(identity, holder)
    await expect(ensure(identity, maker())).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
  })

  it('whose time is over is replaced, and what it intended is looked for as our own', async () => {
    const identity = await identify()
    await heldBy(identity, randomUUID())
    await sql`update external_resources set leased_until = now() - interval '1 second', intended_at = now() where subject_id = ${identity.subjectId}`
    const mine = maker({ look: 'after-interruption', find: () => Promise.resolve(made) })
    expect(await ensure(identity, mine)).toEqual(made)
    expect(mine.find).toHaveBeenCalledWith(expect.objectContaining({ ours: true }))
    expect(mine.create).not.toHaveBeenCalled()
  })

  it('cannot take over while our call is out, however long we looked before', async () => {
    const identity = await identify()
    let left = 0
    await ensure(identity, maker({
      find: async () => {
        await sql`update external_resources set leased_until = now() + interval '1 second' where subject_id = ${identity.subjectId}`
        return null
      },
      create: async () => {
        left = Number((await sql`select extract(epoch from leased_until - now()) as left from external_resources where subject_id = ${identity.subjectId}`)[0]!.left)
        return made
      },
    }))
    expect(left).toBeGreaterThan(50)
  })

  it('that took over while we looked has it: we make nothing', async () => {
    const identity = await identify()
    const mine = maker({ find: () => takeOver(identity).then(() => null) })
    await expect(ensure(identity, mine)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(mine.create).not.toHaveBeenCalled()
  })

  it('that took over while we made it keeps it: we do not write', async () => {
    const identity = await identify()
    await expect(ensure(identity, maker({ create: () => takeOver(identity).then(() => made) }))).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(await row(identity)).toMatchObject({ external_id: null, made_at: null })
  })
})

describe('a failure', () => {
  it.each([['RESOURCE_CONFLICT', false, null], ['PROVIDER_REJECTED', false, null], ['PROVIDER_UNAVAILABLE', true, expect.any(Date)]] as const)('%s (retryable: %s) leaves the intent %s, and no lease', async (code, retryable, intent) => {
    const identity = await identify()
    await expect(ensure(identity, maker({ create: () => Promise.reject(failure(code, retryable)) }))).rejects.toMatchObject({ code })
    expect(await row(identity)).toMatchObject({ intended_at: intent, lease_holder: null, external_id: null })
    const next = maker()
    await ensure(identity, next)
    expect(next.find).toHaveBeenCalledWith(expect.objectContaining({ ours: intent !== null }))
  })

  it('to look for what an earlier call may have made leaves the intent: it is ours all the same when it can be seen again', async () => {
    const identity = await identify()
    await expect(ensure(identity, maker({ create: () => Promise.reject(failure('PROVIDER_UNAVAILABLE', true)) }))).rejects.toThrow()
    await expect(ensure(identity, maker({ find: () => Promise.reject(failure('PROVIDER_AUTHENTICATION', false)) }))).rejects.toThrow()
    const next = maker({ find: () => Promise.resolve(made) })
    expect(await ensure(identity, next)).toEqual(made)
    expect(next.find).toHaveBeenCalledWith(expect.objectContaining({ ours: true }))
  })

  it('to find anything but somebody else\'s thing takes the intent back', async () => {
    const identity = await identify()
    await expect(ensure(identity, maker({ create: () => Promise.reject(failure('PROVIDER_UNAVAILABLE', true)) }))).rejects.toThrow()
    await expect(ensure(identity, maker({ find: () => Promise.reject(failure('RESOURCE_CONFLICT', false)) }))).rejects.toThrow()
    expect(await row(identity)).toMatchObject({ intended_at: null, lease_holder: null })
  })

  it('to look makes nothing and intends nothing', async () => {
    const identity = await identify()
    const mine = maker({ find: () => Promise.reject(failure('PROVIDER_UNAVAILABLE', true)) })
    await expect(ensure(identity, mine)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(mine.create).not.toHaveBeenCalled()
    expect(await row(identity)).toMatchObject({ intended_at: null, lease_holder: null })
  })

  it('that says it is there already sends us to look: ours is taken up, nobody\'s is an error', async () => {
    const taken = () => Promise.reject(failure('ALREADY_EXISTS', false))
    expect(await ensure(await identify(), maker({ look: 'after-interruption', find: () => Promise.resolve(made), create: taken }))).toEqual(made)
    await expect(ensure(await identify(), maker({ look: 'after-interruption', create: taken }))).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  })

  it('of the database after the call is thrown, and the thing is found again, not made again', async () => {
    const identity = await identify()
    const broken = maker({ create: async () => {
      await sql`alter table external_resources rename to away`
      return made
    } })
    await expect(ensure(identity, broken)).rejects.toThrow(/external_resources/)
    await sql`alter table away rename to external_resources`
    const next = maker({ find: () => Promise.resolve(made) })
    expect(await ensure(identity, next)).toEqual(made)
    expect(next.find).toHaveBeenCalledWith(expect.objectContaining({ ours: true }))
    expect(next.create).not.toHaveBeenCalled()
  })
})

it('things of the same name that are another course\'s are named to who looks for a lost one', async () => {
  await ensure(await identify({ type: 'ROLE', service: 'DISCORD', name: 'Tutors' }), maker({ create: () => Promise.resolve({ id: 'theirs', url: 'https://discord.com' }) }))
  const identity = await identify({ type: 'ROLE', service: 'DISCORD', name: 'Tutors' })
  await expect(ensure(identity, maker({ create: () => Promise.reject(failure('PROVIDER_UNAVAILABLE', true)) }))).rejects.toThrow()
  const next = maker()
  await ensure(identity, next)
  expect(next.find).toHaveBeenCalledWith({ ours: true, others: ['theirs'], runId: identity.runId })
})
