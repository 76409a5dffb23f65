import type { Problem } from '#shared/schemas/problem'

/**
 * Loads data now, whenever `sources` change, and when a lost connection comes back.
 * The data stays until newer data arrives: a failed reload only adds a problem.
 */
export function useLoad<T>(load: () => Promise<T>, sources: Ref<unknown>[] = []) {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const isLoading = ref(false)
  let latest = 0

  async function refresh(): Promise<void> {
    const request = ++latest
    isLoading.value = true
    try {
      const loaded = await load()
      if (request !== latest) return
      data.value = loaded
      problem.value = undefined
    }
    catch (error) {
      if (request === latest) problem.value = problemOf(error)
    }
    finally {
      if (request === latest) isLoading.value = false
    }
  }

  watch([...sources, useConnection().reconnects], refresh)
  void refresh()
  return { data, problem, isLoading, refresh }
}
