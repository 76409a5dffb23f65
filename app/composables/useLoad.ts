import type { Problem } from '#shared/schemas/problem'

/**
 * Loads something for the page, now, whenever `sources` change and when a lost connection is
 * back. What is shown stays until there is something newer: a failed reload only adds a problem.
 */
export function useLoad<T>(load: () => Promise<T>, sources: Ref<unknown>[] = []) {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const isLoading = ref(false)
  let latest = 0

  async function refresh(): Promise<void> {
    const turn = ++latest
    isLoading.value = true
    try {
      const loaded = await load()
      if (turn !== latest) return
      data.value = loaded
      problem.value = undefined
    }
    catch (error) {
      if (turn === latest) problem.value = problemOf(error)
    }
    finally {
      if (turn === latest) isLoading.value = false
    }
  }

  watch([...sources, useConnection().returns], refresh)
  void refresh()
  return { data, problem, isLoading, refresh }
}
