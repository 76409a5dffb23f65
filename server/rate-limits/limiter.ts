import { createHash } from 'node:crypto'
import { log } from '../lib/log'
import { type Budget, type Demand, draw, type Drawn, type News, settle, type Ticket } from './state'
import type { Rule } from '../lib/rate-limits/rules'
import { readBudget, writeBudget } from './queries'

export type Told = Extract<Drawn, { state: 'go' }> | { state: 'wait', waitMs: number, rule?: Rule }

interface Asked { demand: Demand, answer: (told: Told) => void, fail: (error: unknown) => void }
interface Answered { ticket: Ticket, news: News[], at: number }

/** Answers are told to the others along with the next draw, and without one so soon. */
const TELL_MS = 200
/** Answers that could not be told for so long are forgotten: the calls count as long as they could at most. */
const MOST_UNTOLD = 10_000

/** So old may be what is known of a budget that nothing limits. */
const RECENT_MS = 1_000

/** Milliseconds that only ever grow. */
const monotonic = () => performance.timeOrigin + performance.now()

/**
 * Draws from one budget for all of this process: everything that is asked for in one turn, and while a
 * write is out, by one statement. Another process that writes in between makes it begin anew on what is there now.
 */
export class Teller {
  readonly #budget: string
  #asked: Asked[] = []
  #answered: Answered[] = []
  #busy = false
  #timer: NodeJS.Timeout | undefined
  #known: { version: number, state: string } | undefined
  #seen: { state: Budget, at: number } | undefined
  #looking: Promise<Budget> | undefined
  /** How far the database's clock is ahead of ours, at least and at most: it read its own while a statement was out. */
  #ahead = { least: 0, most: 0 }

  constructor(budget: string) {
    this.#budget = budget
  }

  /** @throws when the database is away */
  async draw(demand: Demand): Promise<Told> {
    return await this.#isFree(demand) ? { state: 'go', ticket: { shares: [], route: demand.route } } : this.#ask(demand)
  }

  /** Whether nothing limits the call and nobody was told to wait: then it is not counted, and costs nothing. */
  async #isFree({ rules, route }: Demand): Promise<boolean> {
    if (rules.length) return false
    const { closed, quota, routes } = await this.#look()
    return !quota && !Object.keys(closed).length && (!route || routes[route.name]?.bucket === null)
  }

  async #look(): Promise<Budget> {
    if (this.#seen && monotonic() - this.#seen.at < RECENT_MS) return this.#seen.state
    return this.#looking ??= readBudget(this.#budget).then(({ state }) => {
      this.#seen = { state, at: monotonic() }
      return state
    }).finally(() => this.#looking = undefined)
  }

  #ask(demand: Demand): Promise<Told> {
    // Short, as the places of many are kept.
    const key = createHash('sha1').update(demand.key).digest('base64url').slice(0, 12)
    return new Promise((answer, fail) => {
      this.#asked.push({ demand: { ...demand, key }, answer, fail })
      this.#soon()
    })
  }

  settle(ticket: Ticket, news: News[]): void {
    if (!ticket.shares.length && !news.some(({ closedForMs, quota, bucket }) => closedForMs ?? quota ?? bucket)) return
    this.#answered.push({ ticket, news, at: monotonic() })
    this.#answered.splice(0, this.#answered.length - MOST_UNTOLD)
    // Others wait for what the first answer of a route tells, and go on unless they hear where nothing is counted.
    if (!ticket.shares.length || ticket.shares.some(({ kind }) => kind === 'unknown')) this.#soon()
    else this.#timer ??= setTimeout(() => this.#soon(), TELL_MS).unref()
  }

  #soon(): void {
    if (this.#busy) return
    this.#busy = true
    setImmediate(() => void this.#work())
  }

  async #work(): Promise<void> {
    while (this.#asked.length || this.#answered.length) {
      const asked = this.#asked.splice(0)
      const answered = this.#answered.splice(0)
      try {
        const told = await this.#change(asked, answered)
        asked.forEach(({ answer }, n) => answer(told[n]!))
      }
      catch (error) {
        for (const { fail } of asked) fail(error)
        this.#answered.unshift(...answered)
        this.#known = undefined
        log.debug({ error }, 'A rate budget could not be written.')
        break
      }
    }
    this.#busy = false
    clearTimeout(this.#timer)
    this.#timer = this.#answered.length ? setTimeout(() => this.#soon(), TELL_MS).unref() : undefined
  }

  async #change(asked: Asked[], answered: Answered[]): Promise<Told[]> {
    for (;;) {
      const { version, state: text } = this.#known ?? await this.#read()
      const state = JSON.parse(text) as Budget
      for (const { ticket, news, at } of answered) settle(state, ticket, news, at + this.#ahead.most)
      const now = monotonic() + this.#ahead.least
      const drawn = asked.map(({ demand }) => draw(state, demand, now))
      const sent = monotonic()
      const at = await writeBudget(this.#budget, version, state)
      this.#known = at === undefined ? undefined : { version: version + 1, state: JSON.stringify(state) }
      this.#seen = at === undefined ? undefined : { state, at: monotonic() }
      if (at === undefined) continue
      this.#hearClock(at, sent)
      return drawn.map(one => one.state === 'go' ? one : { state: 'wait', rule: one.rule, waitMs: Math.max(1, one.at - now) })
    }
  }

  async #read(): Promise<{ version: number, state: string }> {
    const sent = monotonic()
    const { version, state, at } = await readBudget(this.#budget)
    this.#hearClock(at, sent)
    return { version, state: JSON.stringify(state) }
  }

  #hearClock(at: number, sent: number): void {
    this.#ahead = { least: at - monotonic(), most: at - sent }
  }
}
