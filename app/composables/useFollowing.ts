const REFRESH_MS = 1500

/**
 * What belongs to a course beside its run, loaded again, at most every one and a half seconds, whenever `version` changes.
 */
export function useFollowing<T>(load: () => Promise<T>, version: () => string, sources: Ref<unknown>[] = []) {
  const loaded = useLoad(load, sources)
  const changes = gather(loaded.refresh, REFRESH_MS)
  watch(version, changes.ask)
  onBeforeUnmount(changes.stop)
  return loaded
}

/** Everything made for a course. */
export function useResources(courseId: string, version: () => string) {
  const call = useApi()
  return useFollowing(() => call('get /api/courses/{id}/resources', { params: { id: courseId } }), version)
}

/** A page of the calls that were made for a course; all, or only those that failed. */
export function useAudit(courseId: string, version: () => string, page: Ref<number>, onlyFailures: Ref<boolean>, pageSize: number) {
  const call = useApi()
  return useFollowing(() => call('get /api/audit', {
    query: { courseId, page: page.value, pageSize, result: onlyFailures.value ? 'FAILURE' : undefined },
  }), version, [page, onlyFailures])
}

/** The runs of a course, newest first. */
export function useCourseRuns(courseId: string, version: () => string) {
  const call = useApi()
  return useFollowing(() => call('get /api/runs', { query: { subjectId: courseId, pageSize: 50 } }), version)
}
