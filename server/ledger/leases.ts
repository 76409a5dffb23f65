import { AsyncLocalStorage } from 'node:async_hooks'
import { providerError } from '../lib/errors'
import { lastThaw } from '../lib/freezes'
import { CALL_TIMEOUT_MS, type Clearance } from '../lib/instrumentation'
import { metrics } from '../lib/metrics'
import { confirmLeases, type Held, type Leased, releaseLeases, renewLeases } from './queries/leases'
import { SETTLE_MS } from './queries/liveness'

/** How long a process owns an item or a resource without a renewal. */
export const LEASE_MS = 60_000

/** A lease that this process holds at this moment; `renewedAt` is when the database was last asked for it. */
interface LiveLease extends Held { of: Leased, leaseMs: number, renewedAt: number, lost: AbortController }

interface Leases { live: Set<LiveLease>, orphaned: { of: Leased, held: Held }[] }

// In development steps are bundled apart from the server, whose heartbeat renews the leases.
const shared = globalThis as typeof globalThis & { __atelierLeases?: Leases }
const leases = (): Leases => shared.__atelierLeases ??= { live: new Set(), orphaned: [] }

/** A lease is renewed after a third of its length, so that it survives two failed renewals. */
const isDue = ({ renewedAt, leaseMs }: LiveLease) => performance.now() - renewedAt > leaseMs / 3

/** The leases under which the current work is done: that of its item, and within it that of its resource. */
const held = new AsyncLocalStorage<readonly LiveLease[]>()

/**
 * Does the work while the heartbeat of this process renews the lease. Every outside call within needs the lease.
 * @param takenAt when the lease was asked for, by `performance.now()`
 * @param work is given a signal that aborts when the lease is lost: another process may own what it was for
 */
export async function whileLeased<T>(
  of: Leased, row: Held, { leaseMs, takenAt }: { leaseMs: number, takenAt: number }, work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lease: LiveLease = { ...row, of, leaseMs, renewedAt: takenAt, lost: new AbortController() }
  leases().live.add(lease)
  try {
    return await held.run([...held.getStore() ?? [], lease], () => work(lease.lost.signal))
  }
  finally {
    leases().live.delete(lease)
  }
}

/** A lease that lapsed by this process's own monotonic clock is lost: a process that was frozen does not ask for it again. */
const isLive = ({ lost, renewedAt, leaseMs }: LiveLease) => !lost.signal.aborted && performance.now() - renewedAt < leaseMs

/**
 * Whether the database confirmed the lease so shortly ago that nobody can have taken it over since. Even a process that
 * is declared dead keeps its leases for that long. Nothing that was confirmed before a freeze counts.
 */
const isConfirmed = ({ renewedAt, leaseMs }: LiveLease) =>
  performance.now() - renewedAt < Math.min(SETTLE_MS, leaseMs / 3) && lastThaw() <= renewedAt

/** The database may be slow: the answer to a question must be as fresh as the question. */
const MAX_QUESTIONS = 3
const LOST_RETRY_MS = 1_000

/** The error for an attempt that may not go on: its lease was lost, or its time is over. Nothing was sent. */
export const leaseLost = () => providerError('LEASE_LOST', {}, { retryAfter: LOST_RETRY_MS, unsent: true })

/**
 * Allows one outside call under every lease of the current work. The database confirms and renews those that it has not
 * confirmed just now.
 * @throws ProviderError LEASE_LOST when one is not held any more
 */
export async function clearCall(): Promise<Clearance> {
  const own = held.getStore() ?? []
  for (let questions = 0; ; questions++) {
    if (!own.every(isLive)) throw leaseLost()
    const unconfirmed = own.filter(lease => !isConfirmed(lease))
    if (!unconfirmed.length) break
    if (questions === MAX_QUESTIONS) throw leaseLost()
    await Promise.all(unconfirmed.map(confirm))
  }
  const clearedAt = performance.now()
  return {
    withinMs: Math.floor(Math.min(CALL_TIMEOUT_MS, ...own.map(({ renewedAt, leaseMs }) => renewedAt + leaseMs - clearedAt))),
    isValid: () => lastThaw() <= clearedAt && own.every(isLive),
    refusal: leaseLost,
  }
}

async function confirm(lease: LiveLease): Promise<void> {
  const askedAt = performance.now()
  if (await confirmLeases({ of: lease.of, rowId: lease.rowId, fence: lease.fence, leaseMs: lease.leaseMs })) lease.renewedAt = askedAt
  else lose(lease)
}

function lose({ of, lost }: LiveLease): void {
  lost.abort()
  metrics().leasesLost.inc({ of })
}

/** Remembers a lease whose end could not be written, so that the heartbeat releases it when the database answers again. */
export function orphanLease(of: Leased, held: Held): void {
  leases().orphaned.push({ of, held })
}

/** Renews leases that are due and releases orphaned ones: a part of the heartbeat. */
export async function keepLeases(): Promise<void> {
  for (const leased of ['item', 'resource'] as const) {
    const due = [...leases().live].filter(lease => lease.of === leased && isDue(lease))
    if (due.length) await renew(leased, due)
    const orphaned = leases().orphaned.filter(lease => lease.of === leased)
    if (!orphaned.length) continue
    await releaseLeases(leased, orphaned.map(({ held }) => held))
    leases().orphaned = leases().orphaned.filter(lease => !orphaned.includes(lease))
  }
}

async function renew(of: Leased, due: LiveLease[]): Promise<void> {
  const askedAt = performance.now()
  const renewed = await renewLeases(of, due.map(({ rowId, fence, leaseMs }) => ({ rowId, fence, leaseMs })))
  due.forEach((lease, n) => {
    if (renewed[n]) lease.renewedAt = askedAt
    else if (leases().live.has(lease)) lose(lease)
  })
}
