import type { Course } from '#shared/schemas/course'
import type { Run, RunSummary } from '#shared/schemas/run'

/**
 * A course and its run, live. While the run goes on its own stream is followed; once it is
 * over, the stream of all runs, so that a retry by anybody is followed by itself.
 */
export function useCourse(id: string) {
  const call = useApi()
  const { data: course, problem, refresh } = useLoad(() => call('get /api/courses/{id}', { params: { id } }))
  const run = computed(() => course.value?.run)

  function onRun(data: unknown) {
    const next = data as Run
    const before = course.value
    if (!before || next.id !== before.run.id) return
    course.value = { ...before, run: next, status: courseStatusOf(next) }
    // Links, and what a waiting course asks for, are the course's and not the run's.
    if (next.status !== before.run.status) void refresh()
  }

  function onSomeRun(data: unknown) {
    const { subjectId, id: runId } = data as RunSummary
    if (subjectId === id && runId !== course.value?.takeBack?.id) void refresh()
  }

  useEventStream({
    url: () => run.value && !isOver(run.value) ? `/api/runs/${run.value.id}/events` : undefined,
    on: { run: onRun },
  })
  useEventStream({
    url: () => run.value && isOver(run.value) ? '/api/events' : undefined,
    on: { run: onSomeRun },
    opened: refresh,
  })

  useEventStream({
    url: () => course.value?.takeBack && !isOver(course.value.takeBack) ? `/api/runs/${course.value.takeBack.id}/events` : undefined,
    on: {
      run: (data) => {
        const takeBack = data as Run
        if (course.value?.takeBack?.id !== takeBack.id) return
        course.value = { ...course.value, takeBack }
        if (isOver(takeBack)) void refresh()
      },
    },
  })

  const take = (next: Course) => {
    course.value = next
  }
  return {
    course,
    problem,
    refresh,
    /** Takes up the failed course again; the page follows the new run. */
    retry: async () => take(await call('post /api/courses/{id}/retry', { params: { id } })),
    /** Cancels the course's run, and takes back what was made if that is wanted; the page follows that, too. */
    cancel: async (takeBack: boolean) => {
      if (!run.value) return
      await call('post /api/runs/{id}/cancel', { params: { id: run.value.id }, body: { takeBack }, idempotencyKey: randomId() })
      await refresh()
    },
    /** Goes on with a taking back that failed. */
    retryTakeBack: async () => {
      if (!course.value?.takeBack) return
      await call('post /api/runs/{id}/retry', { params: { id: course.value.takeBack.id } })
      await refresh()
    },
    /** Names the server that the course waits for. */
    chooseServer: async (guildId: string) => take(await call('post /api/courses/{id}/discord-server', { params: { id }, body: { guildId } })),
  }
}
