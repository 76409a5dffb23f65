import type { CallRecord } from './core/calls.ts'
import type { Fault, FaultPlan } from './core/faults.ts'

/**
 * A client of one emulator's control routes: its state, its log of calls, its faults.
 * @param token of an emulator that has one
 */
export function createControl(url: string, token?: string) {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/__emulator${path}`, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as T
  }
  return {
    url,
    token,
    reset: () => call<undefined>('POST', '/reset'),
    state: <T>() => call<T>('GET', '/state'),
    calls: () => call<CallRecord[]>('GET', '/calls'),
    clearCalls: () => call<undefined>('DELETE', '/calls'),
    latency: (ms: number) => call('PUT', '/latency', { ms }),
    limits: (limits: object) => call('PUT', '/limits', limits),
    settings: (settings: object) => call('PUT', '/settings', settings),
    /** Plans a fault. @returns its id */
    fault: async (plan: Partial<FaultPlan> & Pick<FaultPlan, 'when' | 'action'>) =>
      (await call<Fault>('POST', '/faults', plan)).id,
    /** Waits until the fault hits a call. @returns how many calls it has hit */
    reached: async (id: string, waitMs = 30_000) =>
      (await call<Fault>('GET', `/faults/${id}?waitMs=${waitMs}`)).reached,
    faults: () => call<Fault[]>('GET', '/faults'),
    /** Removes one fault, or all. Calls that it holds go on. */
    removeFault: (id?: string) => call<undefined>('DELETE', id ? `/faults/${id}` : '/faults'),
  }
}

export type Control = ReturnType<typeof createControl>
