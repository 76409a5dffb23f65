import type { Course, NewCourse } from '../../shared/schemas/course.ts'
import type { Resource } from '../../shared/schemas/resource.ts'
import type { Run } from '../../shared/schemas/run.ts'
import type { Client } from './client.ts'
import { idempotencyKey } from './courses.ts'
import { follow, isSettled } from './follow.ts'
import type { Display } from './progress.ts'

export interface ProvisionedCourse {
  id: string
  name: string
  type: Course['type']
  status: Course['status']
  durationMs: number | null
  resources: Resource[]
}

const typeOrder: Resource['type'][] = ['GUILD', 'CATEGORY', 'ROLE', 'CHANNEL', 'REPO', 'BRANCH_PROTECTION', 'SEED_COMMIT']

const sorted = (resources: Resource[]) => resources.toSorted((a, b) =>
  typeOrder.indexOf(a.type) - typeOrder.indexOf(b.type)
  || a.key.localeCompare(b.key, 'en', { numeric: true })
  || a.name.localeCompare(b.name))

const durationOf = ({ startedAt, finishedAt }: Run) =>
  startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null

/** Creates the course, or continues with that of an earlier demo, and retries it if it failed. */
async function ensureCourse(client: Client, request: NewCourse): Promise<Course> {
  const course = await client.post<Course>('/api/courses', request, idempotencyKey(request))
  const now = await client.get<Course>(`/api/courses/${course.id}`)
  if (now.status !== 'FAILED') return now
  return client.post<Course>(`/api/courses/${course.id}/retry`, {}, `retry-${now.run.id}`)
}

/**
 * Provisions one course, and shows its progress.
 * @param waitForPerson whether to wait while the run waits for a person
 */
export async function provision(
  client: Client,
  request: NewCourse,
  display: Display,
  waitForPerson: boolean,
): Promise<ProvisionedCourse> {
  const course = await ensureCourse(client, request)
  if (course.discordInstall) {
    display.log(`${request.name} waits for a Discord server. Add the bot to one: ${course.discordInstall.url}`)
  }
  const show = (run: Run) => display.update({ name: request.name, run })
  const isDone = (run: Run) => isSettled(run) && !(waitForPerson && run.status === 'waiting')
  const run = await follow(client, course.run.id, show, isDone)
  const [{ id, name, type, status }, { items }] = await Promise.all([
    client.get<Course>(`/api/courses/${course.id}`),
    client.get<{ items: Resource[] }>(`/api/courses/${course.id}/resources`),
  ])
  return { id, name, type, status, durationMs: durationOf(run), resources: sorted(items) }
}
