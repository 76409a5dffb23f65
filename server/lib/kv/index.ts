import type { z } from 'zod'
import { kvClient } from './client'

/** Reads a value; null when there is none, or one that does not fit the schema, as an older version may have written it. */
export async function getValue<T>(key: string, schema: z.ZodType<T>): Promise<T | null> {
  const value = await (await kvClient()).get<unknown>(key)
  return schema.safeParse(value).data ?? null
}

/** Writes a value that expires. KV keeps what may be lost, so that nothing stays in it for ever. */
export async function setValue(key: string, value: unknown, expiresInSeconds: number): Promise<void> {
  await (await kvClient()).set(key, JSON.stringify(value), { ex: expiresInSeconds })
}

/** Removes a value; a missing one is not a failure. */
export async function deleteValue(key: string): Promise<void> {
  await (await kvClient()).del(key)
}
