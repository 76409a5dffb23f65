/** Rounds of the watchdog after the first repair; doubled with each further one. */
const FIRST_PAUSE = 2
const LONGEST_PAUSE = 15

interface Pause { length: number, left: number }

/**
 * Prevents a watchdog from repairing again and again a run that only waits in a busy queue: each repair is more work
 * for that queue. A run that still needs repair is repaired after growing pauses. After a round without need it
 * starts again with the first pause.
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
