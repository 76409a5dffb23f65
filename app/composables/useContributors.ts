import type { z } from 'zod'
import type { NewContributor } from '#shared/schemas/contributor'

/** A page of the contributors that match `search`, by name. */
export function useContributors(search: Ref<string>, page: Ref<number>, pageSize = 25) {
  const call = useApi()
  const list = useLoad(() => call('get /api/contributors', {
    query: { search: search.value || undefined, page: page.value, pageSize },
  }), [search, page])
  return {
    ...list,
    pageSize,
    create: async (contributor: z.input<typeof NewContributor>) => {
      await call('post /api/contributors', { body: contributor })
      await list.refresh()
    },
    remove: async (id: string) => {
      await call('delete /api/contributors/{id}', { params: { id } })
      await list.refresh()
    },
  }
}
