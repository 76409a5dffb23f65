import { tooManyRequests } from '../lib/too-many-requests'

const MAX_WRONG = 5
const WINDOW_MS = 60_000
/** Addresses that are remembered; the oldest is forgotten for a new one. */
const MAX_ADDRESSES = 10_000

/** When wrong keys came, by the address that they came from, the last address last. */
const attempts = new Map<string, number[]>()

const recent = (address: string) => (attempts.get(address) ?? []).filter(at => at > performance.now() - WINDOW_MS)

/** Seconds until an address may try another key; 0 when it may now. */
export function secondsToWait(address: string): number {
  const wrong = recent(address)
  return wrong.length < MAX_WRONG ? 0 : Math.ceil((wrong[0]! + WINDOW_MS - performance.now()) / 1_000)
}

/**
 * Counts a wrong key.
 * @throws TooManyRequests when the address has sent too many of them within a minute
 */
export function countWrongKey(address: string): void {
  const seconds = secondsToWait(address)
  if (seconds) throw tooManyRequests('TOO_MANY_WRONG_KEYS', { seconds })
  const wrong = recent(address)
  attempts.delete(address)
  attempts.set(address, [...wrong, performance.now()])
  if (attempts.size > MAX_ADDRESSES) attempts.delete(attempts.keys().next().value!)
}
