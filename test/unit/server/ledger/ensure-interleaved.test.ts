import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { CreatedResource, ResourceDriver, ResourceIdentity } from '../../../../server/lib/resource-driver.ts'
import type { ProviderErrorCode } from '../../../../server/lib/errors.ts'
import { newRun, sql, useDatabase } from '../support/database.ts'
import { newProcess, type OtherProcess, type ProcessModules } from '../support/processes.ts'

/**
 * The ledger under any order of callers, crashes and lost answers, on a real PostgreSQL and with a
 * provider that has no markers and accepts a second resource of the same name. Whatever happens, there
 * is at most one resource outside, and the id that is kept is its id.
 */
useDatabase()

const MOST_PROCESSES = 12
const processes: OtherProcess[] = []
beforeAll(async () => {
  for (let n = 0; n < MOST_PROCESSES; n++) processes.push(await newProcess())
})

const looks = ['answers', 'answers', 'fails', 'is overtaken'] as const
const calls = [
  'answers', 'answers', 'is refused',
  'is lost before its effect', 'is lost after its effect', 'dies before its effect', 'dies after its effect',
] as const

interface Take { process: number, after: number, look: typeof looks[number], call: typeof calls[number], slow: number }

const take: fc.Arbitrary<Take> = fc.record({
  process: fc.nat(2),
  after: fc.nat(8),
  look: fc.constantFrom(...looks),
  call: fc.constantFrom(...calls),
  slow: fc.nat(6),
})
/** Rounds of callers at the same time; between two rounds the leases of dead processes may lapse. */
const story = fc.array(
  fc.record({ takes: fc.array(take, { minLength: 1, maxLength: 4 }), leasesLapse: fc.boolean() }), { minLength: 1, maxLength: 5 },
)

class World {
  readonly resources: CreatedResource[] = []
  readonly identity: ResourceIdentity
  readonly look: ResourceDriver['look']
  /** Which process has each place; one that died is replaced by one that knows nothing. */
  #places = [0, 1, 2]
  #next = 3

  constructor(identity: ResourceIdentity, look: ResourceDriver['look']) {
    this.identity = identity
    this.look = look
  }

  lapseLeases = async () => void await sql`
    update external_resources set leased_until = now() - interval '1 second' where subject_id = ${this.identity.subjectId}`

  /** One process asks for the resource. @returns what it got; undefined when it failed, or died */
  async take({ process, after, look, call, slow }: Take): Promise<CreatedResource | undefined> {
    await wait(after)
    const place = this.#places[process]!
    const died = Promise.withResolvers<undefined>()
    const die = () => {
      if (this.#places[process] === place) this.#places[process] = this.#next++
      died.resolve(undefined)
      return new Promise<never>(() => {})
    }
    const asked = processes[place]!.run(modules => modules.ensure(this.identity, this.#driver(modules, { process, look, call, slow }, die))
      .catch((error: unknown) => {
        if (!(error instanceof modules.ProviderError)) throw error
        return undefined
      }))
    return Promise.race([asked, died.promise])
  }

  #driver(
    { ProviderError }: ProcessModules, { process, look, call, slow }: Omit<Take, 'after'>, die: () => Promise<never>,
  ): ResourceDriver {
    const failure = (code: ProviderErrorCode, retryable: boolean) =>
      new ProviderError({ code, message: code, why: 'w', fix: 'f', retryable })
    return {
      look: this.look,
      find: async ({ ours }) => {
        await wait(slow)
        if (look === 'fails') throw failure('PROVIDER_UNAVAILABLE', true)
        const found = this.resources[0]
        // It took longer than its lease, and another process does everything before the answer is read.
        if (look === 'is overtaken') {
          await this.lapseLeases()
          await this.take({ process: (process + 1) % 3, after: 0, look: 'answers', call, slow: 0 })
        }
        if (found && !ours && this.look === 'first') throw failure('RESOURCE_CONFLICT', false)
        return found ?? null
      },
      create: async () => {
        await wait(slow)
        if (call === 'dies before its effect') return die()
        if (call === 'is lost before its effect') throw failure('PROVIDER_UNAVAILABLE', true)
        if (call === 'is refused') throw failure('PROVIDER_REJECTED', false)
        if (this.look === 'after-interruption' && this.resources.length) throw failure('ALREADY_EXISTS', false)
        const created = { id: randomUUID(), url: 'https://example.org' }
        this.resources.push(created)
        if (call === 'dies after its effect') return die()
        if (call === 'is lost after its effect') throw failure('PROVIDER_UNAVAILABLE', true)
        return created
      },
    }
  }

  get placesLeft() {
    return processes.length - this.#next
  }
}

it.each<ResourceDriver['look']>([
  'first', 'after-interruption',
])('there is at most one resource that is looked for "%s", and its id is kept', async (look) => {
  await fc.assert(fc.asyncProperty(story, async (rounds) => {
    const { runId, subjectType, subjectId } = await newRun()
    const world = new World({ runId, subjectType, subjectId, service: 'DISCORD', type: 'ROLE', key: 'main', name: 'role' }, look)
    for (const { takes, leasesLapse } of rounds) {
      if (world.placesLeft < 3) break
      const got = (await Promise.all(takes.map(one => world.take(one)))).filter(one => one !== undefined)
      expect(world.resources.length, 'resources outside').toBeLessThanOrEqual(1)
      for (const one of got) expect(one.id).toBe(world.resources[0]!.id)
      if (leasesLapse) await world.lapseLeases()
    }
    await world.lapseLeases()
    const last = await world.take({ process: 0, after: 0, look: 'answers', call: 'answers', slow: 0 })
    const [row] = await sql`select external_id from external_resources where subject_id = ${subjectId}`
    expect([world.resources.length, last?.id, row!.external_id]).toEqual([1, world.resources[0]?.id, world.resources[0]?.id])
  }), { numRuns: 30 })
})
