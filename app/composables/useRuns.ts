import type { RunStatus } from '#shared/schemas/run'

const PAGE_SIZE = 25
const REFRESH_MS = 700

interface RunFilters {
  status: Ref<RunStatus | undefined>
  workflow: Ref<string | undefined>
  /** The id of who started the run; `mine` is the person who is signed in. */
  actor: Ref<string | undefined>
  subjectType: Ref<string | undefined>
  subjectId: Ref<string | undefined>
}

/** A page of the runs that match the filters, live. */
export function useRuns({ status, workflow, actor, subjectType, subjectId }: RunFilters, page: Ref<number>) {
  const call = useApi()
  const list = useLoad(() => call('get /api/runs', {
    query: {
      status: status.value,
      workflow: workflow.value,
      actor: actor.value,
      subjectType: subjectType.value,
      subjectId: subjectId.value,
      page: page.value,
      pageSize: PAGE_SIZE,
    },
  }), [status, workflow, actor, subjectType, subjectId, page])
  const reload = throttle(list.refresh, REFRESH_MS)
  useEventStream({ url: () => '/api/events', on: { run: reload.trigger }, opened: reload.trigger })
  onBeforeUnmount(reload.stop)
  return { ...list, pageSize: PAGE_SIZE }
}
