import type { Course, NewCourse } from '../../shared/schemas/course.ts'
import type { Resource } from '../../shared/schemas/resource.ts'
import type { Run } from '../../shared/schemas/run.ts'
import type { Client } from './client.ts'
import { idempotencyKey } from './courses.ts'
import { follow, isSettled } from './follow.ts'
import type { Display } from './progress.ts'

export interface Provisioned {
  id: string
  name: string
  type: Course['type']
  status: Course['status']
  durationMs: number | null
  resources: Resource[]
}

const order: Resource['type'][] = ['GUILD', 'CATEGORY', 'ROLE', 'CHANNEL', 'REPO', 'BRANCH_PROTECTION', 'SEED_COMMIT']

const inOrder = (resources: Resource[]) => resources.toSorted((a, b) =>
  order.indexOf(a.type) - order.indexOf(b.type) || (a.groupNumber ?? 0) - (b.groupNumber ?? 0) || a.name.localeCompare(b.name))

const durationOf = ({ startedAt, finishedAt }: Run) =>
  startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null

/** The course of an earlier demo if there is one, tried again if it failed; else a new one. */
async function open(client: Client, wanted: NewCourse): Promise<Course> {
  const course = await client.post<Course>('/api/courses', wanted, idempotencyKey(wanted))
  const now = await client.get<Course>(`/api/courses/${course.id}`)
  if (now.status !== 'FAILED') return now
  return client.post<Course>(`/api/courses/${course.id}/retry`, {}, `retry-${now.run.id}`)
}

/**
 * Provisions one course and shows how it goes.
 * @param patient whether to wait for a person when the course does
 */
export async function provision(client: Client, wanted: NewCourse, display: Display, patient: boolean): Promise<Provisioned> {
  const opened = await open(client, wanted)
  if (opened.discordInstall) display.say(`${wanted.name} waits for a Discord server; add the bot to one: ${opened.discordInstall.url}`)
  const run = await follow(client, opened.run.id, state => display.update({ name: wanted.name, run: state }),
    state => isSettled(state) && !(patient && state.status === 'waiting'))
  const [{ id, name, type, status }, { items }] = await Promise.all([
    client.get<Course>(`/api/courses/${opened.id}`), client.get<{ items: Resource[] }>(`/api/courses/${opened.id}/resources`),
  ])
  return { id, name, type, status, durationMs: durationOf(run), resources: inOrder(items) }
}
