import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { isTransient } from '../../../../server/db/errors.ts'
import type { Outcome } from '../../../../server/ledger/index.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'
import { newProcess, type OtherProcess, type ProcessModules } from '../support/processes.ts'

/**
 * One item under any order of attempts of several processes, some of which freeze or die. Whatever happens, only the
 * owner of the item says what became of it, everybody is told the same, and only a failure counts as an attempt.
 */
useDatabase()

const MOST_PROCESSES = 12
const processes: OtherProcess[] = []
/** A process that takes over from the frozen ones. */
let survivor: OtherProcess
beforeAll(async () => {
  for (let n = 0; n < MOST_PROCESSES; n++) processes.push(await newProcess())
  survivor = await newProcess()
})

const endings = ['succeeds', 'fails', 'is rate limited', 'waits for a person', 'finds its resource busy'] as const

interface Take {
  process: number
  after: number
  slow: number
  ending: typeof endings[number]
  /** The process freezes until the others have had their turn, or dies. */
  trouble: 'none' | 'freezes' | 'dies'
}

type Attempted = Omit<Take, 'process' | 'after'>

const take: fc.Arbitrary<Take> = fc.record({
  process: fc.nat(2), after: fc.nat(8), slow: fc.nat(6), ending: fc.constantFrom(...endings),
  trouble: fc.constantFrom('none', 'none', 'freezes', 'dies'),
})
/** Rounds of attempts at the same time; between two rounds the leases of frozen and dead processes lapse. */
const story = fc.array(fc.array(take, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })

class World {
  readonly runId: string
  readonly #run: Awaited<ReturnType<typeof newRun>>
  #places = [0, 1, 2]
  #next = 3
  #thawed = Promise.withResolvers<undefined>()
  #frozen: Promise<unknown>[] = []
  /** How many work at the item under a live lease. */
  #owners = 0
  readonly outcomes: Outcome<unknown>[] = []
  /** How many attempts have failed that nothing froze. */
  failures = 0

  constructor(run: Awaited<ReturnType<typeof newRun>>) {
    this.#run = run
    this.runId = run.runId
  }

  get placesLeft() {
    return processes.length - this.#next
  }

  async take(one: Take, name: string): Promise<void> {
    await wait(one.after)
    const place = this.#places[one.process]!
    await this.#attempt(processes[place]!, one, name, () => {
      if (one.trouble === 'dies' && this.#places[one.process] === place) this.#places[one.process] = this.#next++
    })
  }

  /** The process that takes over cannot say yet what becomes of the item. */
  takeOver = () => this.#attempt(survivor, { slow: 0, ending: 'is rate limited', trouble: 'none' }, 'the survivor', () => {})

  async #attempt(process: OtherProcess, one: Attempted, name: string, onLeave: () => void): Promise<void> {
    const left = Promise.withResolvers<undefined>()
    const made = process.run(modules => modules.attempt(this.#run, 'CREATE_GITHUB_REPO', 'main', () =>
      this.#work(one, name, modules, () => {
        onLeave()
        left.resolve(undefined)
      })))
      .then(outcome => void this.outcomes.push(outcome), (error: unknown) => {
        if (!isTransient(error)) throw error
      })
    if (one.trouble === 'freezes') this.#frozen.push(made)
    await Promise.race([made, left.promise])
  }

  async #work({ slow, ending, trouble }: Attempted, name: string, { ProviderError }: ProcessModules, leave: () => void): Promise<string> {
    expect(++this.#owners, 'two processes own the item').toBe(1)
    await wait(slow)
    if (trouble !== 'none') {
      leave()
      await (trouble === 'dies' ? new Promise<never>(() => {}) : this.#thawed.promise)
    }
    else {
      this.#owners--
      if (ending === 'fails') this.failures++
    }
    if (ending === 'succeeds') return name
    const code = ({
      'fails': 'PROVIDER_UNAVAILABLE', 'is rate limited': 'RATE_LIMITED', 'waits for a person': 'AWAITS_PERSON',
      'finds its resource busy': 'RESOURCE_BUSY',
    } as const)[ending]
    throw new ProviderError({ code, message: name, why: 'w', fix: 'f', retryable: true, retryAfter: 1 })
  }

  /** Time passes: leases lapse, and the next attempt is due. */
  async passTime(): Promise<void> {
    this.#owners = 0
    await sql`
      update provisioning_steps set leased_until = now() - interval '1 second', next_attempt_at = null where run_id = ${this.runId}`
  }

  /** The frozen processes go on, with what they had in hand. */
  async thaw(): Promise<void> {
    this.#thawed.resolve(undefined)
    await Promise.all(this.#frozen)
    this.#frozen = []
    this.#thawed = Promise.withResolvers<undefined>()
  }

  async row() {
    return (await sql`select * from provisioning_steps where run_id = ${this.runId}`)[0]!
  }
}

it('has one owner at a time, and one outcome', async () => {
  await fc.assert(fc.asyncProperty(story, async (rounds) => {
    const world = new World(await newRun())
    for (const [round, takes] of rounds.entries()) {
      if (world.placesLeft < 3) break
      await Promise.all(takes.map((one, n) => world.take(one, `${round}.${n}`)))
      await world.passTime()
      // Another process owns the item now, or has finished it, so what the frozen ones come to is void.
      await world.takeOver()
      const before = await world.row()
      const known = world.outcomes.length
      await world.thaw()
      expect(await world.row()).toEqual(before)
      for (const late of world.outcomes.slice(known)) expect(late.state, 'a late outcome').toBe('later')
      await world.passTime()
    }
    const values = new Set(world.outcomes.flatMap(outcome => outcome.state === 'done' ? [outcome.value] : []))
    expect(values.size, 'all are told the same').toBeLessThanOrEqual(1)
    const row = await world.row()
    if (values.size) expect(row).toMatchObject({ status: 'completed', result: [...values][0] })
    expect(row.attempts).toBeLessThanOrEqual(world.failures + 1)
  }), { numRuns: 40 })
})
