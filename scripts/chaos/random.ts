/** Chance that a seed decides: the same seed gives the same numbers, on every machine. */
export interface Random {
  /** A whole number from `from` to `to`, both among them. */
  int: (from: number, to: number) => number
  chance: (probability: number) => boolean
  pick: <T>(things: readonly T[]) => T
  shuffled: <T>(things: readonly T[]) => T[]
  /** Chance of its own for one part, so that what one part draws moves nothing in the others. */
  of: (part: string) => Random
}

/** Mulberry32: 32 bits of state, plenty for a plan. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** @param seed any whole number; its lower 32 bits count */
export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const int: Random['int'] = (from, to) => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    chance: probability => next() < probability,
    pick: things => things[int(0, things.length - 1)]!,
    shuffled: (things) => {
      const mixed = [...things]
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = int(0, last)
        ;[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!]
      }
      return mixed
    },
    of: part => createRandom([...part].reduce((mixed, letter) => Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193), seed)),
  }
}
