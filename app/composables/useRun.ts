import type { Run, RunSummary } from '#shared/schemas/run'

const REFRESH_MS = 700

/**
 * One run with everything that its page shows, live. While the run is active its own stream is followed.
 * After that the stream of all runs is followed, because somebody may retry the run or roll it back.
 */
export function useRun(id: string) {
  const call = useApi()
  const { data: run, problem, refresh } = useLoad(() => call('get /api/runs/{id}', { params: { id } }))
  const actions = useRunActions(refresh)
  const reload = throttle(refresh, REFRESH_MS)
  const chainEvents = ref(0)

  function onRun(data: unknown) {
    const before = run.value
    if (!before) return
    const next = data as Run
    run.value = { ...before, ...next }
    // The stream carries neither the chain nor what can be done with the run.
    if (next.status !== before.status) void refresh()
  }

  function onAnyRun(data: unknown) {
    if ((data as RunSummary).rootRunId !== run.value?.rootRunId) return
    chainEvents.value++
    reload.trigger()
  }

  useEventStream({
    url: () => run.value && !isFinished(run.value) ? `/api/runs/${id}/events` : undefined,
    on: { run: onRun },
  })
  useEventStream({
    url: () => run.value && isFinished(run.value) ? '/api/events' : undefined,
    on: { run: onAnyRun },
    opened: reload.trigger,
  })
  onBeforeUnmount(reload.stop)

  return {
    run,
    problem,
    refresh,
    actions,
    /** Changes whenever the resources or the calls of the run may have changed. */
    version: computed(() => run.value ? `${runVersion(run.value)} ${chainEvents.value}` : ''),
  }
}
