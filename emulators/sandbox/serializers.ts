import { HOME } from './agent/protocol.ts'
import type { SandboxRecord, SessionRecord, SnapshotRecord } from './records.ts'

const REGION = 'iad1'

/** A session as the service answers it. */
export const sessionInfo = ({ sandbox: _, ...session }: SessionRecord) => ({
  ...session,
  region: REGION,
  cwd: HOME,
  requestedAt: session.createdAt,
  startedAt: session.createdAt,
  ...(session.stoppedAt !== undefined && { requestedStopAt: session.stoppedAt, duration: session.stoppedAt - session.createdAt }),
})

/** A sandbox as the service answers it. Its variables may be secrets, and stay out. */
export const sandboxInfo = ({ env: _, ...sandbox }: SandboxRecord, session: SessionRecord) => ({
  ...sandbox,
  region: REGION,
  cwd: HOME,
  status: session.status,
  statusUpdatedAt: session.updatedAt,
})

/** A snapshot as the service answers it. */
export const snapshotInfo = ({ sandbox: _, ...snapshot }: SnapshotRecord) => ({ ...snapshot, region: REGION, regions: [REGION] })

/** One page of a list. The cursor is a position. */
export function pageOf<T>(all: T[], cursor: string | undefined, limit: string | undefined) {
  const from = Number(cursor) || 0
  const to = from + Math.min(Math.max(Number(limit) || 20, 1), 100)
  return { items: all.slice(from, to), pagination: { count: Math.min(to, all.length) - from, next: to < all.length ? String(to) : null } }
}
