import { tooManyRequests } from '../lib/too-many-requests'

/** Bodies that may be under way at the same time, of all callers and of one. */
const MAX_BODIES = 512
const MAX_BODIES_EACH = 64
/** Bytes of them that one process keeps in memory. */
const MAX_BYTES = 64_000_000
const MAX_BYTES_EACH = 16_000_000
/** Within this time the slowest of them has ended. */
const RETRY_AFTER_S = 10

interface Total { bodies: number, bytes: number }

const all: Total = { bodies: 0, bytes: 0 }
const byCaller = new Map<string, Total>()

/** A body that is under way: counts what has arrived of it, until it is closed. */
export interface UnfinishedBody {
  /** @throws TooManyRequests when too many bytes of unfinished bodies are in memory */
  add: (bytes: number) => void
  close: () => void
}

/**
 * Counts a body that is under way.
 * @param caller the id of an actor, or an address
 * @throws TooManyRequests when too many of them are under way
 */
export function openBody(caller: string): UnfinishedBody {
  const own = byCaller.get(caller) ?? { bodies: 0, bytes: 0 }
  if (all.bodies >= MAX_BODIES || own.bodies >= MAX_BODIES_EACH) throw refusal(own)
  byCaller.set(caller, own)
  let bytes = 0
  count(own, 1, 0)
  return {
    add: (more) => {
      if (all.bytes + more > MAX_BYTES || own.bytes + more > MAX_BYTES_EACH) throw refusal(own)
      bytes += more
      count(own, 0, more)
    },
    close: () => {
      count(own, -1, -bytes)
      if (!own.bodies) byCaller.delete(caller)
    },
  }
}

function count(own: Total, bodies: number, bytes: number): void {
  for (const total of [all, own]) {
    total.bodies += bodies
    total.bytes += bytes
  }
}

const refusal = ({ bodies }: Total) => tooManyRequests('TOO_MANY_BODIES', { bodies: all.bodies, own: bodies, seconds: RETRY_AFTER_S })
