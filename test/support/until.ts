import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until a look succeeds: returns something true without throwing.
 * @param patience milliseconds before it fails with the last reason
 */
export async function until<T>(
  look: () => Promise<T> | T,
  { patience = 30_000, every = 25, what = () => 'what was waited for' }: { patience?: number, every?: number, what?: () => string } = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + patience
  let reason: unknown
  while (Date.now() < end) {
    try {
      const seen = await look()
      if (seen) return seen as NonNullable<T>
    }
    catch (error) {
      reason = error
    }
    await sleep(every)
  }
  throw new Error(`Waited ${patience} ms in vain for ${what()}`, { cause: reason })
}
