import { randomInt, randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { driver } from '../../../../server/db/client.ts'
import { keepLeases } from '../../../../server/ledger/leases.ts'
import { PROCESS_LOCK } from '../../../../server/ledger/queries/liveness.ts'
import { leaseResource } from '../../../../server/ledger/queries/resources.ts'
import { ensure } from '../../../../server/ledger/index.ts'
import type { CreatedResource, ResourceDriver, ResourceIdentity } from '../../../../server/lib/resource-driver.ts'
import { thisProcess } from '../../../../server/lib/process.ts'
import { ProviderError, type ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { until } from '../../../support/until.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

useDatabase()

const created: CreatedResource = { id: '42', url: 'https://github.com/atelier/repo', detail: { branch: 'main' } }

async function identify(more: Partial<ResourceIdentity> = {}): Promise<ResourceIdentity> {
  const { runId, subjectType, subjectId } = await newRun()
  return { runId, subjectType, subjectId, service: 'GITHUB', type: 'REPO', key: 'main', name: 'repo', ...more }
}

const newDriver = ({
  look = 'first', find = () => Promise.resolve(null), create = () => Promise.resolve(created),
}: Partial<ResourceDriver> = {}) => ({ look, find: vi.fn(find), create: vi.fn(create) })
const failure = (code: ProviderErrorCode, retryable: boolean) =>
  new ProviderError({ code, message: 'm', why: 'w', fix: 'f', retryable })
/** A creating call whose answer is lost. */
const lost = () => newDriver({ create: () => Promise.reject(failure('PROVIDER_UNAVAILABLE', true)) })
const row = async ({ subjectId }: ResourceIdentity) =>
  (await sql`select * from external_resources where subject_id = ${subjectId}`)[0]
/** Another execution takes over, as when our lease has lapsed. */
const takeOver = async ({ subjectId }: ResourceIdentity) =>
  void await sql`update external_resources set fence = fence + 1 where subject_id = ${subjectId}`
const leasedTo = async (identity: ResourceIdentity, holder: string) =>
  expect(await leaseResource({ ...identity, holder })).toMatchObject({ state: 'leased' })
const leasedAgo = ({ subjectId }: ResourceIdentity, ms: number) =>
  sql`update external_resources set leased_at = now() - ${`${ms} ms`}::interval where subject_id = ${subjectId}`

describe('a resource', () => {
  it('has its intent recorded, then is created, then recorded; afterwards its record is the answer', async () => {
    const identity = await identify()
    const before = vi.fn()
    const first = newDriver({ create: async () => {
      before(await row(identity))
      return created
    } })
    expect(await ensure(identity, first)).toEqual(created)
    expect(before.mock.calls[0]![0]).toMatchObject({ external_id: null, made_at: null, intended_at: expect.any(Date) })
    expect(await row(identity)).toMatchObject({ external_id: '42', lease_holder: null, made_at: expect.any(Date) })
    const again = newDriver()
    expect(await ensure(identity, again)).toEqual(created)
    expect([again.find.mock.calls, again.create.mock.calls]).toEqual([[], []])
  })

  it('is looked for first only where its provider would accept a second one', async () => {
    const refusesSecond = newDriver({ look: 'after-interruption' })
    await ensure(await identify(), refusesSecond)
    expect(refusesSecond.find).not.toHaveBeenCalled()
    const found = newDriver({ find: () => Promise.resolve(created) })
    expect(await ensure(await identify(), found)).toEqual(created)
    expect(found.create).not.toHaveBeenCalled()
    expect(found.find).toHaveBeenCalledWith(expect.objectContaining({ ours: false, others: [] }))
  })

  it('is created once by many callers at the same time', async () => {
    const identity = await identify()
    const shared = newDriver()
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => ensure(identity, shared)))
    expect(shared.create).toHaveBeenCalledOnce()
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(created)
      else expect(outcome.reason).toMatchObject({ code: 'RESOURCE_BUSY', retryable: true })
    }
    expect(await ensure(identity, shared)).toEqual(created)
  })
})

describe('a resource that another process has leased', () => {
  it('is left alone while that process lives, or while we cannot tell', async () => {
    const identity = await identify()
    const [holder, lockKey] = [randomUUID(), randomInt(2 ** 31 - 1)]
    await sql`insert into processes (id, lock_key) values (${thisProcess().id}, ${thisProcess().lockKey})`
    const session = await driver().reserve()
    await session`select pg_advisory_lock(${PROCESS_LOCK}::int, ${lockKey}::int)`
    await sql`insert into processes (id, lock_key) values (${holder}, ${lockKey})`
    await leasedTo(identity, holder)
    await leasedAgo(identity, 30_000)
    const ours = newDriver()
    await expect(ensure(identity, ours)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect([ours.find.mock.calls, ours.create.mock.calls]).toEqual([[], []])

    await session`select pg_advisory_unlock(${PROCESS_LOCK}::int, ${lockKey}::int)`
    session.release()
    // Its last call may still take effect.
    await leasedAgo(identity, 2_100)
    // It lost the connection of its lock, but it sends heartbeats.
    await expect(ensure(identity, ours)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    // A heartbeat from before PostgreSQL's own start proves nothing.
    await until(async () => (await sql`select 1 where now() - interval '4 seconds' > pg_postmaster_start_time()`).length)
    await sql`update processes set heartbeat_at = case id when ${holder} then now() - interval '4 seconds' else now() end`
    // We lost our own connection a moment ago.
    await sql`update processes set healthy_since = now() where id = ${thisProcess().id}`
    await expect(ensure(identity, ours)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    await sql`update processes set healthy_since = '-infinity' where id = ${thisProcess().id}`
    expect(await ensure(identity, ours)).toEqual(created)
  })

  it('is left alone for a moment after that process died, as its last call may still take effect', async () => {
    const identity = await identify()
    const holder = randomUUID()
    await sql`insert into processes (id, lock_key) values (${holder}, ${randomInt(2 ** 31 - 1)})`
    await leasedTo(identity, holder)
    await expect(ensure(identity, newDriver())).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
  })

  it('is taken over when the lease has lapsed, and what that process intended counts as our own', async () => {
    const identity = await identify()
    await leasedTo(identity, randomUUID())
    await sql`
      update external_resources set leased_until = now() - interval '1 second', intended_at = now()
      where subject_id = ${identity.subjectId}`
    const ours = newDriver({ look: 'after-interruption', find: () => Promise.resolve(created) })
    expect(await ensure(identity, ours)).toEqual(created)
    expect(ours.find).toHaveBeenCalledWith(expect.objectContaining({ ours: true }))
    expect(ours.create).not.toHaveBeenCalled()
  })
})

it('a resource stays leased while a call takes longer than its lease: the heartbeat renews it', async () => {
  const identity = await identify()
  const left = async () => Number((await sql`
    select extract(epoch from leased_until - now()) as left from external_resources where subject_id = ${identity.subjectId}`)[0]!.left)
  const now = performance.now.bind(performance)
  await ensure(identity, newDriver({
    create: async () => {
      await sql`update external_resources set leased_until = now() + interval '1 second' where subject_id = ${identity.subjectId}`
      await keepLeases()
      expect(await left(), 'it is not due yet').toBeLessThan(2)
      vi.spyOn(performance, 'now').mockImplementation(() => now() + 25_000)
      await keepLeases()
      vi.restoreAllMocks()
      expect(await left()).toBeGreaterThan(50)
      return created
    },
  }))
  const before = await row(identity)
  await keepLeases()
  expect(await row(identity), 'it is not renewed any more').toEqual(before)
})

describe('another process', () => {
  it('cannot take over while our call is out, however long we looked before', async () => {
    const identity = await identify()
    let left = 0
    await ensure(identity, newDriver({
      find: async () => {
        await sql`update external_resources set leased_until = now() + interval '1 second' where subject_id = ${identity.subjectId}`
        return null
      },
      create: async () => {
        const [lease] = await sql`
          select extract(epoch from leased_until - now()) as left from external_resources where subject_id = ${identity.subjectId}`
        left = Number(lease!.left)
        return created
      },
    }))
    expect(left).toBeGreaterThan(50)
  })

  it('that took over while we looked owns it: we create nothing', async () => {
    const identity = await identify()
    const ours = newDriver({ find: () => takeOver(identity).then(() => null) })
    await expect(ensure(identity, ours)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(ours.create).not.toHaveBeenCalled()
  })

  it('that took over while we created it owns it: we record nothing', async () => {
    const identity = await identify()
    const ours = newDriver({ create: () => takeOver(identity).then(() => created) })
    await expect(ensure(identity, ours)).rejects.toMatchObject({ code: 'RESOURCE_BUSY' })
    expect(await row(identity)).toMatchObject({ external_id: null, made_at: null })
  })
})

describe('a failure', () => {
  it.each([
    ['RESOURCE_CONFLICT', false, null], ['PROVIDER_REJECTED', false, null], ['PROVIDER_UNAVAILABLE', true, expect.any(Date)],
  ] as const)('%s (retryable: %s) leaves the intent %s, and no lease', async (code, retryable, intent) => {
    const identity = await identify()
    await expect(ensure(identity, newDriver({ create: () => Promise.reject(failure(code, retryable)) }))).rejects.toMatchObject({ code })
    expect(await row(identity)).toMatchObject({ intended_at: intent, lease_holder: null, external_id: null })
    const next = newDriver()
    await ensure(identity, next)
    expect(next.find).toHaveBeenCalledWith(expect.objectContaining({ ours: intent !== null }))
  })

  it('to look for what an earlier call may have created keeps the intent, so that it counts as ours once it is seen', async () => {
    const identity = await identify()
    await expect(ensure(identity, lost())).rejects.toThrow()
    const blind = newDriver({ find: () => Promise.reject(failure('PROVIDER_AUTHENTICATION', false)) })
    await expect(ensure(identity, blind)).rejects.toThrow()
    const next = newDriver({ find: () => Promise.resolve(created) })
    expect(await ensure(identity, next)).toEqual(created)
    expect(next.find).toHaveBeenCalledWith(expect.objectContaining({ ours: true }))
  })

  it('to find anything but somebody else\'s resource removes the intent', async () => {
    const identity = await identify()
    await expect(ensure(identity, lost())).rejects.toThrow()
    const conflict = newDriver({ find: () => Promise.reject(failure('RESOURCE_CONFLICT', false)) })
    await expect(ensure(identity, conflict)).rejects.toThrow()
    expect(await row(identity)).toMatchObject({ intended_at: null, lease_holder: null })
  })

  it('to look creates nothing and intends nothing', async () => {
    const identity = await identify()
    const ours = newDriver({ find: () => Promise.reject(failure('PROVIDER_UNAVAILABLE', true)) })
    await expect(ensure(identity, ours)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(ours.create).not.toHaveBeenCalled()
    expect(await row(identity)).toMatchObject({ intended_at: null, lease_holder: null })
  })

  it('that says it exists already makes the ledger look: ours is recorded, and not finding it is an error', async () => {
    const taken = () => Promise.reject(failure('ALREADY_EXISTS', false))
    const ours = newDriver({ look: 'after-interruption', find: () => Promise.resolve(created), create: taken })
    expect(await ensure(await identify(), ours)).toEqual(created)
    await expect(ensure(await identify(), newDriver({ look: 'after-interruption', create: taken })))
      .rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  })

  it('of the database after the call is thrown, and the resource is found again instead of created again', async () => {
    const identity = await identify()
    const broken = newDriver({ create: async () => {
      await sql`alter table external_resources rename to away`
      return created
    } })
    await expect(ensure(identity, broken)).rejects.toThrow(/external_resources/)
    await sql`alter table away rename to external_resources`
    const next = newDriver({ find: () => Promise.resolve(created) })
    expect(await ensure(identity, next)).toEqual(created)
    expect(next.find).toHaveBeenCalledWith(expect.objectContaining({ ours: true }))
    expect(next.create).not.toHaveBeenCalled()
  })
})

it('the look for a lost resource is told which resources of its name belong to other subjects', async () => {
  const named = { type: 'ROLE', service: 'DISCORD', name: 'Tutors' } as const
  await ensure(await identify(named), newDriver({ create: () => Promise.resolve({ id: 'theirs', url: 'https://discord.com' }) }))
  const identity = await identify(named)
  await expect(ensure(identity, lost())).rejects.toThrow()
  const next = newDriver()
  await ensure(identity, next)
  expect(next.find).toHaveBeenCalledWith({ ours: true, others: ['theirs'], runId: identity.runId })
})
