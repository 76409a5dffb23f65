/** Random decisions from a seed. The same seed gives the same decisions on every machine. */
export interface Random {
  /** A whole number between `from` and `to`, inclusive. */
  int: (from: number, to: number) => number
  chance: (probability: number) => boolean
  pick: <T>(values: readonly T[]) => T
  shuffled: <T>(values: readonly T[]) => T[]
  /**
   * An independent generator for one part, so that changes of one part do not affect the others. The label is part of
   * the seed: another label gives another plan.
   */
  fork: (label: string) => Random
}

/** Mulberry32, with 32 bits of state. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** @param seed any whole number; only its lower 32 bits count */
export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const int: Random['int'] = (from, to) => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    chance: probability => next() < probability,
    pick: values => values[int(0, values.length - 1)]!,
    shuffled: (values) => {
      const mixed = [...values]
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = int(0, last)
        ;[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!]
      }
      return mixed
    },
    fork: label => createRandom([...label].reduce((mixed, letter) => Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193), seed)),
  }
}
