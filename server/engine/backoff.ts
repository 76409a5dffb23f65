/** Rounds of the watchdog after the first repair; doubled with each further one. */
const FIRST_PAUSE = 2
const LONGEST_PAUSE = 15

interface Pause { length: number, left: number }

/**
 * Keeps a watchdog from enqueuing again and again what only waits for its turn: each time is more work for a busy
 * queue. A run that stays in need is repaired after growing pauses; one that needed nothing for a round starts again
 * with the first.
 * @returns of the ids in need in this round, those to repair now
 */
export function createBackoff(): (inNeed: string[]) => Set<string> {
  let pauses = new Map<string, Pause>()
  return (inNeed) => {
    const next = new Map<string, Pause>()
    for (const id of inNeed) {
      const before = pauses.get(id)
      if (before?.left) {
        next.set(id, { ...before, left: before.left - 1 })
        continue
      }
      const length = before ? Math.min(before.length * 2, LONGEST_PAUSE) : FIRST_PAUSE
      next.set(id, { length, left: length })
    }
    pauses = next
    return new Set(inNeed.filter(id => next.get(id)!.left === next.get(id)!.length))
  }
}
