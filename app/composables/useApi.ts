import type { z } from 'zod'
import type { OperationId, operations } from '#shared/contract'
import type { Problem } from '#shared/schemas/problem'

type Operations = {
  [Id in OperationId as `${(typeof operations)[Id]['method']} ${(typeof operations)[Id]['path']}`]: (typeof operations)[Id]
}

type Params<O> = O extends { params: infer S extends z.ZodType } ? { params: z.input<S> } : unknown
type Query<O> = O extends { query: infer S extends z.ZodType } ? { query?: Partial<z.output<S>> } : unknown
type Body<O> = O extends { body: infer S extends z.ZodType } ? { body: z.input<S> } : unknown
type Key<O> = O extends { idempotent: true } ? { idempotencyKey: string } : unknown
type Request<O> = Params<O> & Query<O> & Body<O> & Key<O>
type Answer<O> = O extends { answers: { body: infer S extends z.ZodType } } ? z.output<S> : undefined

type Call = <Route extends keyof Operations>(route: Route, request: Request<Operations[Route]>) => Promise<Answer<Operations[Route]>>

interface Parts { params?: Record<string, string>, query?: Record<string, unknown>, body?: unknown, idempotencyKey?: string }

/**
 * Calls an operation of the contract, `call('get /api/courses/{id}', { params: { id } })`.
 * It imports only types of the contract, so that the schemas stay out of the pages.
 * @throws ApiError with the server's problem; a 401 also opens the sign-in
 */
export function useApi() {
  const router = useRouter()
  const session = useState<unknown>('session')

  async function call(route: string, { params, query, body, idempotencyKey }: Parts): Promise<unknown> {
    const [method = '', path = ''] = route.split(' ')
    const answer = await fetch(address(path, params, query), {
      method: method.toUpperCase(),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch(() => undefined)
    if (answer?.ok) return answer.status === 204 ? undefined : answer.json()
    const problem = await readProblem(answer)
    const { path: here, fullPath } = router.currentRoute.value
    if (problem.status === 401 && session.value && here !== '/sign-in') {
      session.value = null
      await router.push({ path: '/sign-in', query: { next: fullPath } })
    }
    throw new ApiError(problem)
  }
  return call as Call
}

function address(path: string, params: Parts['params'], query: Parts['query']): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value))
  return search.size ? `${filled}?${search}` : filled
}

async function readProblem(answer: Response | undefined): Promise<Problem> {
  const body: unknown = await answer?.json().catch(() => undefined)
  return typeof body === 'object' && body !== null && 'fix' in body ? body as Problem : unreachable
}
