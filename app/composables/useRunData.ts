/** The resources that a run and its chain created. */
export function useRunResources(runId: () => string, version: () => string) {
  const call = useApi()
  const load = async () => (await call('get /api/runs/{id}/resources', { params: { id: runId() } })).items
  return useLiveQuery(load, version, [computed(runId)])
}

export type AuditFilter = { runId: string } | { subjectId: string }

interface AuditList { page: Ref<number>, onlyFailures: Ref<boolean>, pageSize: number }

/** A page of the calls to outside services for a run or a subject; all, or only those that failed. */
export function useAudit(filter: () => AuditFilter, version: () => string, list: AuditList) {
  const { page, onlyFailures, pageSize } = list
  const call = useApi()
  const load = () => call('get /api/audit', {
    query: { ...filter(), page: page.value, pageSize, result: onlyFailures.value ? 'FAILURE' : undefined },
  })
  return useLiveQuery(load, version, [page, onlyFailures])
}

/** What a run waits for, for the pages that know the run by its id only. */
export function useRunWaits(runId: () => string, version: () => string) {
  const call = useApi()
  const load = async () => (await call('get /api/runs/{id}', { params: { id: runId() } })).waits
  return useLiveQuery(load, version, [computed(runId)])
}
