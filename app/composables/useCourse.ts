import type { Run, RunSummary } from '#shared/schemas/run'

/**
 * A course and its run, live. While the run is active its own stream is followed.
 * After that the stream of all runs is followed, because somebody may retry the course.
 */
export function useCourse(id: string) {
  const call = useApi()
  const { data, problem, refresh } = useLoad(async () => {
    const course = await call('get /api/courses/{id}', { params: { id } })
    return { course, run: await call('get /api/runs/{id}', { params: { id: course.run.id } }) }
  })
  const course = computed(() => data.value?.course)
  const run = computed(() => data.value?.run)
  const rollback = computed(() => course.value?.rollback)

  function onRun(event: unknown) {
    const next = event as Run
    if (!data.value || next.id !== run.value?.id) return
    const hasNewStatus = next.status !== data.value.run.status
    data.value = {
      course: { ...data.value.course, run: next, status: courseStatusOf(next) },
      run: { ...data.value.run, ...next },
    }
    // The stream carries neither the links of the course nor what can be done with its run.
    if (hasNewStatus) void refresh()
  }

  function onRollback(event: unknown) {
    const next = event as Run
    if (!data.value || next.id !== rollback.value?.id) return
    const hasNewStatus = next.status !== rollback.value.status
    data.value = { ...data.value, course: { ...data.value.course, rollback: next } }
    if (hasNewStatus) void refresh()
  }

  function onAnyRun(event: unknown) {
    const { subjectId, id: runId } = event as RunSummary
    if (subjectId === id && runId !== rollback.value?.id) void refresh()
  }

  const streamOf = (run: Run | null | undefined) => run && !isFinished(run) ? `/api/runs/${run.id}/events` : undefined
  useEventStream({ url: () => streamOf(run.value), on: { run: onRun } })
  useEventStream({ url: () => streamOf(rollback.value), on: { run: onRollback } })
  useEventStream({
    url: () => run.value && isFinished(run.value) ? '/api/events' : undefined,
    on: { run: onAnyRun },
    opened: refresh,
  })

  return {
    data,
    problem,
    refresh,
    actions: useRunActions(refresh),
    /** Changes whenever the resources or the calls of the course may have changed. */
    version: computed(() => [run.value, rollback.value].map(run => run ? runVersion(run) : '').join(' ')),
  }
}
