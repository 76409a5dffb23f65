/** The filter, the search and the page of a list, kept in the address so that Back and a copied link lead to the same view. */
export function useListQuery<S extends string>(statuses: readonly S[] = []) {
  const route = useRoute()
  const router = useRouter()
  const { path } = route
  const go = (query: { status?: string, search?: string, page?: string }) => void router.replace({ query: { ...route.query, ...query } })

  // A page that is being left must not see the next page's query as its own.
  const here = <T>(read: () => T): Ref<T> => {
    const value = shallowRef(read()) as Ref<T>
    watch(read, (next) => {
      if (route.path === path) value.value = next
    })
    return value
  }
  const currentStatus = here(() => statuses.find(status => status === route.query.status))
  const currentSearch = here(() => typeof route.query.search === 'string' ? route.query.search : '')
  const currentPage = here(() => Math.max(1, Math.floor(Number(route.query.page)) || 1))

  return {
    status: computed({ get: () => currentStatus.value, set: status => go({ status, page: undefined }) }),
    search: computed({ get: () => currentSearch.value, set: search => go({ search: search || undefined, page: undefined }) }),
    page: computed({ get: () => currentPage.value, set: page => go({ page: page > 1 ? String(page) : undefined }) }),
  }
}
