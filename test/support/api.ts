import { setTimeout as sleep } from 'node:timers/promises'
import type { Course, CourseStatusReport } from '../../shared/schemas/course.ts'
import type { Resource } from '../../shared/schemas/resource.ts'
import type { Role } from '../../shared/schemas/session.ts'
import { until } from './until.ts'

export interface Answer<T> { status: number, body: T, headers: Headers }

const BUSY_FOR_MS = 30_000

/** Speaks to a server's API with a key. */
export function createApi(server: { readonly url: string }, apiKey: string) {
  const ask = async <T>(
    method: string, path: string, { body, headers = {} }: { body?: unknown, headers?: Record<string, string> },
  ): Promise<Answer<T>> => {
    const response = await fetch(server.url + path, {
      method,
      headers: { 'x-api-key': apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    })
    const text = await response.text()
    const isJson = /json\b/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
  }
  const call = async <T = Record<string, unknown>>(
    method: string, path: string, more: { body?: unknown, headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> => {
    for (const deadline = Date.now() + BUSY_FOR_MS; ;) {
      const answer = await ask<T>(method, path, more)
      // On a busy machine the server falls behind and takes on no change for a moment: nothing was done.
      if (answer.status !== 429 || (answer.body as { code?: string }).code !== 'OVERLOADED' || Date.now() > deadline) return answer
      await sleep(Number(answer.headers.get('retry-after')) * 1_000)
    }
  }
  const course = async (id: string) => (await call<Course>('GET', `/api/courses/${id}`)).body
  return {
    call,
    course,
    createCourse: (body: unknown, headers?: Record<string, string>) => call<Course>('POST', '/api/courses', { body, headers }),
    /** Makes a key. @returns the key itself */
    createKey: async (name: string, role: Role) =>
      (await call<{ apiKey: string }>('POST', '/api/keys', { body: { name, role } })).body.apiKey,
    status: async (id: string) => (await call<CourseStatusReport>('GET', `/api/courses/${id}/status`)).body,
    resources: async (id: string) => (await call<{ items: Resource[] }>('GET', `/api/courses/${id}/resources`)).body.items,
    /** Waits until the course has that status; fails at once when it ends otherwise. */
    reached: async (id: string, wanted: Course['status'], patience?: number) => {
      let seen: Course | undefined
      const ended = await until(async () => {
        seen = await course(id)
        return seen.status === wanted || ['COMPLETED', 'FAILED'].includes(seen.status) ? seen : undefined
      }, { patience, what: () => `the course to be ${wanted}: ${JSON.stringify(seen?.run)}` })
      if (ended.status !== wanted) throw new Error(`The course is ${ended.status}: ${JSON.stringify(ended.run.error)}`)
      return ended
    },
  }
}

export type Api = ReturnType<typeof createApi>
