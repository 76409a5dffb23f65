import type { CourseStatus } from '#shared/schemas/course'

const PAGE_SIZE = 20
const REFRESH_MS = 700

/** A page of the courses, and the number of courses in each status; every change of a run shows within a second. */
export function useCourses(status: Ref<CourseStatus | undefined>, page: Ref<number>) {
  const call = useApi()
  const list = useLoad(() => call('get /api/courses', {
    query: { status: status.value, page: page.value, pageSize: PAGE_SIZE },
  }), [status, page])
  const counts = useLoad(() => countCourses(call))

  const reload = throttle(async () => {
    await Promise.all([list.refresh(), counts.refresh()])
  }, REFRESH_MS)
  useEventStream({ url: () => '/api/events', on: { run: reload.trigger }, opened: reload.trigger })
  onBeforeUnmount(reload.stop)
  return { ...list, counts: counts.data, pageSize: PAGE_SIZE }
}

async function countCourses(call: ReturnType<typeof useApi>) {
  const count = async (status?: CourseStatus) => (await call('get /api/courses', { query: { status, pageSize: 1 } })).total
  const [all, pending, running, retrying, waiting, failed] = await Promise.all([
    count(), count('PENDING'), count('IN_PROGRESS'), count('RETRYING'), count('WAITING'), count('FAILED'),
  ])
  // The list filters by one status only, so the tile links to one that has courses.
  const runningStatus = running || !retrying ? 'IN_PROGRESS' : 'RETRYING'
  return { all, running: pending + running + retrying, runningStatus, waiting, failed }
}

export type CourseCounts = Awaited<ReturnType<typeof countCourses>>
