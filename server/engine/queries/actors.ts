import { inArray } from 'drizzle-orm'
import { db } from '../../db/client'
import { apiKeys } from '../../db/schema'
import type { RunActor } from '../../../shared/schemas/run'

const KNOWN: Record<string, string> = { owner: 'Owner', atelier: 'Atelier, by its schedule' }
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** The names of actors, by their ids. */
export async function nameActors(ids: string[]): Promise<Map<string, RunActor>> {
  const unique = [...new Set(ids)]
  const keys = unique.filter(id => UUID.test(id))
  const rows = keys.length ? await db().select({ id: apiKeys.id, name: apiKeys.name }).from(apiKeys).where(inArray(apiKeys.id, keys)) : []
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return new Map(unique.map(id => [id, { id, name: KNOWN[id] ?? names.get(id) ?? 'A key that was revoked' }]))
}
