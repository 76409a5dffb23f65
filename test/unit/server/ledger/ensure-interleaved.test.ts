import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeAll, expect, it, vi } from 'vitest'
import type { ResourceIdentity } from '../../../../server/ledger/queries/resources.ts'
import type { CreatedResource, ResourceDriver } from '../../../../server/lib/resource-driver.ts'
import { ProviderError, type ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'

/**
 * The ledger under any order of takers, crashes and lost answers, on a real PostgreSQL and with a
 * provider that has no markers and takes a second thing of the same name. Whatever happens, there
 * is at most one thing outside, and the id that is kept is its id.
 */
useDatabase()

type Ensure = typeof import('../../../../server/ledger/ensure.ts').ensure

/** The ledger of another process: of its own, with nothing in common but the database. */
interface Process { id: string, ensure: Ensure }

const MOST_PROCESSES = 12
const processes: Process[] = []
beforeAll(async () => {
  for (let n = 0; n < MOST_PROCESSES; n++) {
    vi.resetModules()
    processes.push({ id: randomUUID(), ensure: (await import('../../../../server/ledger/ensure.ts')).ensure })
  }
})

type Look = 'answers' | 'fails' | 'is overtaken'
type Call = 'answers' | 'is refused' | 'gets lost before its effect' | 'gets lost after its effect' | 'dies before its effect' | 'dies after its effect'

interface Take { process: number, after: number, look: Look, call: Call, slow: number }

const take: fc.Arbitrary<Take> = fc.record({
  process: fc.nat(2),
  after: fc.nat(8),
  look: fc.constantFrom<Look>('answers', 'answers', 'fails', 'is overtaken'),
  call: fc.constantFrom<Call>('answers', 'answers', 'is refused', 'gets lost before its effect', 'gets lost after its effect', 'dies before its effect', 'dies after its effect'),
  slow: fc.nat(6),
})
/** Rounds of takers at the same time; between two rounds the leases of the dead may run out. */
const story = fc.array(fc.record({ takes: fc.array(take, { minLength: 1, maxLength: 4 }), leasesEnd: fc.boolean() }), { minLength: 1, maxLength: 5 })

const failure = (code: ProviderErrorCode, retryable: boolean) => new ProviderError({ code, message: code, why: 'w', fix: 'f', retryable })

class World {
  readonly things: CreatedResource[] = []
  readonly identity: ResourceIdentity
  readonly kind: ResourceDriver['look']
  /** Which process stands at each place; one that died is replaced by one that knows nothing. */
  #places = [0, 1, 2]
  #next = 3

  constructor(identity: ResourceIdentity, kind: ResourceDriver['look']) {
    this.identity = identity
    this.kind = kind
  }

  endLeases = async () => void await sql`update external_resources set leased_until = now() - interval '1 second' where subject_id = ${this.identity.subjectId}`

  /** One process asks for the thing. @returns what it got; undefined when it failed, or died */
  async take({ process, after, look, call, slow }: Take): Promise<CreatedResource | undefined> {
    await wait(after)
    const place = this.#places[process]!
    const { id, ensure } = processes[place]!
    const died = Promise.withResolvers<undefined>()
    const die = () => {
      if (this.#places[process] === place) this.#places[process] = this.#next++
      died.resolve(undefined)
      return new Promise<never>(() => {})
    }
    // Read at once by the ledger, before it first waits.
    Object.assign(globalThis, { __atelierProcess: { id, lockKey: 1, leaving: false } })
    const asked = ensure(this.identity, {
      look: this.kind,
      find: async ({ ours }) => {
        await wait(slow)
        if (look === 'fails') throw failure('PROVIDER_UNAVAILABLE', true)
        const found = this.things[0]
        // It took longer than its lease, and another process does it all before the answer is read.
        if (look === 'is overtaken') {
          await this.endLeases()
          await this.take({ process: (process + 1) % 3, after: 0, look: 'answers', call, slow: 0 })
        }
        if (found && !ours && this.kind === 'first') throw failure('RESOURCE_CONFLICT', false)
        return found ?? null
      },
      create: async () => {
        await wait(slow)
        if (call === 'dies before its effect') return die()
        if (call === 'gets lost before its effect') throw failure('PROVIDER_UNAVAILABLE', true)
        if (call === 'is refused') throw failure('PROVIDER_REJECTED', false)
        if (this.kind === 'after-interruption' && this.things.length) throw failure('ALREADY_EXISTS', false)
        const made = { id: randomUUID(), url: 'https://example.org' }
        this.things.push(made)
        if (call === 'dies after its effect') return die()
        if (call === 'gets lost after its effect') throw failure('PROVIDER_UNAVAILABLE', true)
        return made
      },
    })
    return Promise.race([asked.catch((error: unknown) => {
      if (!(error instanceof Error) || !('retryable' in error)) throw error
      return undefined
    }), died.promise])
  }

  get placesLeft() {
    return processes.length - this.#next
  }
}

it.each<[ResourceDriver['look']]>([['first'], ['after-interruption']])('of a thing that is looked for "%s" there is one at most, and its id is kept', async (kind) => {
  await fc.assert(fc.asyncProperty(story, async (rounds) => {
    const world = new World({ subjectType: 'course', ...await newRun(), service: 'DISCORD', type: 'ROLE', key: 'main', name: 'thing' }, kind)
    for (const { takes, leasesEnd } of rounds) {
      if (world.placesLeft < 3) break
      const got = (await Promise.all(takes.map(one => world.take(one)))).filter(one => one !== undefined)
      expect(world.things.length, 'things outside').toBeLessThanOrEqual(1)
      for (const one of got) expect(one.id).toBe(world.things[0]!.id)
      if (leasesEnd) await world.endLeases()
    }
    await world.endLeases()
    const last = await world.take({ process: 0, after: 0, look: 'answers', call: 'answers', slow: 0 })
    const [row] = await sql`select external_id from external_resources where subject_id = ${world.identity.subjectId}`
    expect([world.things.length, last?.id, row!.external_id]).toEqual([1, world.things[0]?.id, world.things[0]?.id])
  }), { numRuns: 30 })
})
