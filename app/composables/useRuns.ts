import type { Run, RunStatus, ShownRun } from '#shared/schemas/run'

const PAGE_SIZE = 25
const REFRESH_MS = 700

/** A page of all runs, live. */
export function useRuns(status: Ref<RunStatus | undefined>, page: Ref<number>) {
  const call = useApi()
  const list = useLoad(() => call('get /api/runs', { query: { status: status.value, page: page.value, pageSize: PAGE_SIZE } }), [status, page])
  const changes = gather(list.refresh, REFRESH_MS)
  useEventStream({ url: () => '/api/events', on: { run: changes.ask }, opened: changes.ask })
  onBeforeUnmount(changes.stop)
  return { ...list, pageSize: PAGE_SIZE }
}

/** One run with its steps, live until it is over. */
export function useRun(id: string) {
  const call = useApi()
  const { data: run, problem, refresh } = useLoad(() => call('get /api/runs/{id}', { params: { id } }))
  const withSubject = (next: Run): ShownRun => ({ ...next, subject: run.value?.subject ?? null })
  useEventStream({
    url: () => run.value && !isOver(run.value) ? `/api/runs/${id}/events` : undefined,
    on: {
      run: (data) => {
        run.value = withSubject(data as Run)
      },
    },
  })
  return {
    run,
    problem,
    refresh,
    /** Cancels the run, and takes back what was made if that is wanted. */
    cancel: async (takeBack: boolean) => {
      run.value = withSubject(await call('post /api/runs/{id}/cancel', { params: { id }, body: { takeBack }, idempotencyKey: randomId() }))
    },
  }
}
