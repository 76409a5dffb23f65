import type { z } from 'zod'
import type { CreatedApiKey, NewApiKey } from '#shared/schemas/session'

/** The API keys except the owner's, and how to create and revoke them. */
export function useKeys() {
  const call = useApi()
  const { data: keys, problem, refresh } = useLoad(async () => (await call('get /api/keys', {})).items)

  async function create(key: z.input<typeof NewApiKey>): Promise<z.infer<typeof CreatedApiKey>> {
    const created = await call('post /api/keys', { body: key })
    await refresh()
    return created
  }

  async function revoke(id: string): Promise<void> {
    await call('delete /api/keys/{id}', { params: { id } })
    await refresh()
  }

  return { keys, problem, refresh, create, revoke }
}
