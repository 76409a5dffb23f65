const REFRESH_MS = 1500

/** Loads data again whenever `version` changes, at most every one and a half seconds. */
export function useLiveQuery<T>(load: () => Promise<T>, version: () => string, sources: Ref<unknown>[] = []) {
  const loaded = useLoad(load, sources)
  const reload = throttle(loaded.refresh, REFRESH_MS)
  watch(version, reload.trigger)
  onBeforeUnmount(reload.stop)
  return loaded
}
