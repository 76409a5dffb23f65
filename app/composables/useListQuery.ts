/** The filters, the search and the page of a list. They live in the URL, so that Back and a copied link lead to the same view. */
export function useListQuery() {
  const route = useRoute()
  const router = useRouter()
  const { path } = route
  const go = (query: Record<string, string | undefined>) => void router.replace({ query: { ...route.query, ...query } })

  // A page that is being left must not read the query of the next page as its own.
  const current = <T>(read: () => T): Ref<T> => {
    const value = shallowRef(read()) as Ref<T>
    watch(read, (next) => {
      if (route.path === path) value.value = next
    })
    return value
  }
  const textOf = (name: string) => typeof route.query[name] === 'string' && route.query[name] ? route.query[name] : undefined

  /** A filter by one name of the query; with `allowed`, every other value counts as no filter. */
  function filter<S extends string = string>(name: string, allowed?: readonly S[]) {
    const value = current(() => {
      const text = textOf(name)
      return allowed ? allowed.find(one => one === text) : text as S | undefined
    })
    return computed({ get: () => value.value, set: next => go({ [name]: next || undefined, page: undefined }) })
  }

  const search = filter('search')
  const page = current(() => Math.max(1, Math.floor(Number(route.query.page)) || 1))
  return {
    filter,
    /** Removes several filters at once. */
    clear: (...names: string[]) => go(Object.fromEntries([...names, 'page'].map(name => [name, undefined]))),
    search: computed({ get: () => search.value ?? '', set: text => search.value = text }),
    page: computed({ get: () => page.value, set: next => go({ page: next > 1 ? String(next) : undefined }) }),
  }
}
