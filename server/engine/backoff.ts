/** Rounds after the first help; doubled with each further one. */
const FIRST_PAUSE = 2
const LONGEST_PAUSE = 15

/**
 * Keeps a watchdog from asking again and again for what only waits for its turn: each asking is
 * more work for a queue that is busy already. What stays in need is helped after growing pauses;
 * what needed none for a round begins anew.
 * @returns of the ids in need in this round, those to help now
 */
export function createBackoff(): (inNeed: string[]) => Set<string> {
  let pauses = new Map<string, { length: number, left: number }>()
  return (inNeed) => {
    const next: typeof pauses = new Map()
    for (const id of inNeed) {
      const before = pauses.get(id)
      if (before?.left) next.set(id, { ...before, left: before.left - 1 })
      else {
        const length = before ? Math.min(before.length * 2, LONGEST_PAUSE) : FIRST_PAUSE
        next.set(id, { length, left: length })
      }
    }
    const now = new Set(inNeed.filter(id => next.get(id)!.left === next.get(id)!.length))
    pauses = next
    return now
  }
}
