import { type Held, type Leased, releaseLeases, renewLeases } from './queries/leases'

/** How long a process owns an item or a resource without a renewal. */
export const LEASE_MS = 60_000

/** A lease that this process holds at this moment. */
interface LiveLease extends Held { of: Leased, leaseMs: number, renewedAt: number, lost: AbortController }

/** What a holder sees of its lease. */
export interface Lease {
  /** Aborts when the lease is lost: another process may own what it was for. */
  signal: AbortSignal
  /** Whether it can still be held, by this process's own monotonic clock: a process that was frozen holds no lease. */
  isLive: () => boolean
}

interface Leases { live: Set<LiveLease>, orphaned: { of: Leased, held: Held }[] }

// In development steps are bundled apart from the server, whose heartbeat renews the leases.
const shared = globalThis as typeof globalThis & { __atelierLeases?: Leases }
const leases = (): Leases => shared.__atelierLeases ??= { live: new Set(), orphaned: [] }

/** A lease is renewed after a third of its length, so that it survives two failed renewals. */
const isDue = ({ renewedAt, leaseMs }: LiveLease) => performance.now() - renewedAt > leaseMs / 3

/**
 * Does the work while the heartbeat of this process renews the lease.
 * @param takenAt when the lease was asked for, by `performance.now()`
 */
export async function whileLeased<T>(
  of: Leased, held: Held, { leaseMs, takenAt }: { leaseMs: number, takenAt: number }, work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease: LiveLease = { ...held, of, leaseMs, renewedAt: takenAt, lost: new AbortController() }
  leases().live.add(lease)
  try {
    return await work({
      signal: lease.lost.signal,
      isLive: () => !lease.lost.signal.aborted && performance.now() - lease.renewedAt < lease.leaseMs,
    })
  }
  finally {
    leases().live.delete(lease)
  }
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
    else if (leases().live.has(lease)) lease.lost.abort()
  })
}
