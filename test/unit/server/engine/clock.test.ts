import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FollowedClock } from '../../../../server/engine/runtime/clock.ts'
import { clockSkewMs, followDatabaseClock, observeDatabaseTime } from '../../../../server/engine/runtime/process-clock.ts'
import { describeSkew, isSkewed } from '../../../../server/engine/clock-skew.ts'

const HOUR = 3_600_000

/** A process and a database whose clocks a test sets. */
function newClocks() {
  const time = { monotonic: 5_000, wall: 1_800_000_000_000, database: 1_800_000_000_000 }
  const clock = new FollowedClock({ wall: () => time.wall, monotonic: () => time.monotonic })
  const pass = (ms: number) => {
    for (const name of ['monotonic', 'wall', 'database'] as const) time[name] += ms
  }
  /** A statement that takes so long to the database, and back. */
  const ask = (there: number, back: number) => {
    const sentAt = clock.monotonic()
    pass(there)
    const answer = time.database
    pass(back)
    clock.observe(answer, sentAt)
  }
  return { time, clock, pass, ask }
}

describe('the clock of a process', () => {
  it('is its own until the database has answered', () => {
    const { time, clock } = newClocks()
    expect(clock.now()).toBe(time.wall)
    expect(clock.skewMs()).toBeUndefined()
  })

  it('is the database\'s afterwards, within half of the way there and back', () => {
    const { time, clock, pass, ask } = newClocks()
    time.wall += 10_000
    ask(2, 8)
    expect(Math.abs(clock.now() - time.database)).toBeLessThanOrEqual(5)
    expect(clock.skewMs()).toBeGreaterThan(9_990)
    pass(HOUR)
    expect(Math.abs(clock.now() - time.database)).toBeLessThanOrEqual(5)
  })

  it('gets better with each answer, and no worse by a late one', () => {
    const { time, clock, pass, ask } = newClocks()
    time.wall -= 3_000
    for (const [there, back] of [[400, 5], [1, 1], [5, 900], [700, 700]] as const) {
      ask(there, back)
      pass(1_000)
    }
    expect(Math.abs(clock.now() - time.database)).toBeLessThanOrEqual(3)
  })

  for (const jump of [2 * HOUR, -2 * HOUR]) {
    it(`does not jump when the wall clock jumps by ${jump / HOUR} h`, () => {
      const { time, clock, ask } = newClocks()
      ask(1, 1)
      time.wall += jump
      expect(Math.abs(clock.now() - time.database)).toBeLessThanOrEqual(1)
      expect(Math.abs(clock.skewMs()! - jump)).toBeLessThanOrEqual(1)
    })

    it(`follows the database's clock when that is set by ${jump / HOUR} h`, () => {
      const { time, clock, ask } = newClocks()
      ask(1, 1)
      time.database += jump
      ask(1, 1)
      expect(Math.abs(clock.now() - time.database)).toBeLessThanOrEqual(1)
    })
  }

  it('does not go back when it is corrected by milliseconds', () => {
    const { clock, ask } = newClocks()
    ask(0, 100)
    const before = clock.now()
    ask(1, 0)
    expect(clock.now()).toBeGreaterThanOrEqual(before)
  })
})

describe('Date', () => {
  let restore = () => {}
  beforeEach(() => {
    restore = followDatabaseClock()
  })
  afterEach(() => {
    // The other tests of this process have their own clock back.
    observeDatabaseTime(realNow(), performance.now())
    restore()
  })
  const realNow = Date.now.bind(Date)

  it('follows the database\'s clock, and is a Date in every other way', () => {
    const early = new Date(2026, 1, 1)
    observeDatabaseTime(realNow() + 2 * HOUR, performance.now())
    const wanted = realNow() + 2 * HOUR
    for (const now of [Date.now(), new Date().getTime(), Date.parse(Date())]) expect(Math.abs(now - wanted)).toBeLessThan(5_000)
    expect(Math.abs(clockSkewMs()! + 2 * HOUR)).toBeLessThan(1_000)
    expect(new Date(5).getTime()).toBe(5)
    expect(new Date(2026, 0, 31).getDate()).toBe(31)
    expect(early).toBeInstanceOf(Date)
    expect(new Date()).toBeInstanceOf(Date)
    expect(new Date().constructor).toBe(Date)
    expect(structuredClone(new Date(7))).toEqual(new Date(7))
    class Day extends Date {}
    expect(new Day()).toBeInstanceOf(Day)
  })
})

it('a skew is told in words, and is too large above a second', () => {
  expect([3, -40, 1_500, 600_000, -7_199_990].map(describeSkew)).toEqual([
    '3 ms ahead of the database\'s', '40 ms behind the database\'s', '1.5 s ahead of the database\'s',
    '10 min ahead of the database\'s', '2.0 h behind the database\'s',
  ])
  expect([1_000, -1_000, 1_001, -1_001].map(isSkewed)).toEqual([false, false, true, true])
})
