import { hold, keyOf, type Mutation } from '../chaos/mutations.ts'
import type { Atelier } from './atelier.ts'
import { until } from './until.ts'

/**
 * Holds every mutation until its turn. At each turn the server is killed twice: while the call has not taken effect
 * yet, and when it has but the answer never came.
 * @param begin asks for what leads to the mutations
 * @param meanwhile is tried while nothing is reached, such as the answer to a wait
 * @returns the number of kills
 */
export async function killAtEveryCall(
  atelier: Atelier, mutations: Mutation[], begin: () => Promise<unknown>, meanwhile: () => Promise<unknown> = async () => {},
): Promise<number> {
  const held = new Map(await Promise.all(mutations.map(async mutation =>
    [keyOf(mutation), { mutation, ...await hold(atelier, mutation, 'before') }] as const)))
  await begin()
  let kills = 0
  while (held.size) {
    const [key, before] = await until(async () => {
      for (const entry of held) if (await entry[1].reached()) return entry
      await meanwhile()
    }, { what: () => `one of ${[...held.keys()].join(', ')}\n${atelier.server.output().slice(-3_000)}` })
    await atelier.server.kill()
    const after = await hold(atelier, before.mutation, 'after')
    await before.release()
    held.delete(key)
    await atelier.server.start()
    await until(async () => await after.reached() || void await meanwhile(), { what: () => `${key} after its effect` })
    await atelier.server.kill()
    await after.release()
    await atelier.server.start()
    kills += 2
  }
  return kills
}
