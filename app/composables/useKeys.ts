import type { z } from 'zod'
import type { BoundTo, CreatedApiKey, NewApiKey } from '#shared/schemas/session'

/** The API keys except the owner's, and how to create, bind and revoke them. */
export function useKeys() {
  const call = useApi()
  const { data: keys, problem, refresh } = useLoad(async () => (await call('get /api/keys', {})).items)

  async function create(key: z.input<typeof NewApiKey>): Promise<z.infer<typeof CreatedApiKey>> {
    const created = await call('post /api/keys', { body: key })
    await refresh()
    return created
  }

  async function bind(id: string, binding: BoundTo | null): Promise<void> {
    await call('put /api/keys/{id}', { params: { id }, body: { binding: bindingOf(binding) } })
    await refresh()
  }

  async function revoke(id: string): Promise<void> {
    await call('delete /api/keys/{id}', { params: { id } })
    await refresh()
  }

  return { keys, problem, refresh, create, bind, revoke }
}

/** A binding as a request names it. */
export const bindingOf = (binding: BoundTo | null) =>
  binding && { courses: binding.courses.map(({ id }) => id), projects: binding.projects.map(({ id }) => id) }
