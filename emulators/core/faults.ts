import { z } from 'zod'

const pattern = z.string().min(1).refine(isPattern, 'is not a regular expression')

/** What `POST /__emulator/faults` takes. */
export const faultSchema = z.strictObject({
  operation: pattern.optional(),
  subject: pattern.optional(),
  mutation: z.boolean().optional(),
  /** Which of the matching calls from now on is the first to be bent. */
  nth: z.int().min(1).default(1),
  /** How many matching calls in a row are bent. */
  times: z.int().min(1).default(1),
  /** Before or after the call took effect. */
  when: z.enum(['before', 'after']),
  action: z.enum(['status', 'drop', 'hold', 'delay']),
  status: z.int().min(400).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  ms: z.int().min(0).max(600_000).optional(),
}).refine(fault => fault.action !== 'status' || fault.status !== undefined, { path: ['status'], error: 'is needed by the action status' })
  .refine(fault => fault.action !== 'delay' || fault.ms !== undefined, { path: ['ms'], error: 'is needed by the action delay' })

export type FaultPlan = z.infer<typeof faultSchema>

/** What faults are matched against. */
export interface Matchable {
  operation: string
  subject: string
  mutation: boolean
}

/** A plan with what became of it. */
export interface Fault extends FaultPlan {
  id: string
  /** Matching calls so far. */
  seen: number
  /** Calls that were bent so far. */
  reached: number
}

/** Plans faults and says which one a call meets. Kept in memory: a restart has no faults. */
export class Faults {
  readonly #plans = new Map<string, Fault>()
  readonly #waiting = new Map<string, Set<(value: unknown) => void>>()
  #next = 1

  add(plan: FaultPlan): Fault {
    const fault = { ...plan, id: String(this.#next++), seen: 0, reached: 0 }
    this.#plans.set(fault.id, fault)
    return fault
  }

  list(): Fault[] {
    return [...this.#plans.values()]
  }

  get(id: string): Fault | undefined {
    return this.#plans.get(id)
  }

  /** Forgets a fault and lets go of the calls that it holds. */
  remove(id: string): boolean {
    const known = this.#plans.delete(id)
    this.#wake(id)
    return known
  }

  clear(): void {
    for (const id of [...this.#plans.keys()]) this.remove(id)
  }

  /** Counts the call for every plan that it matches and returns the first that is due. */
  match(call: Matchable): Fault | undefined {
    let due: Fault | undefined
    for (const fault of this.#plans.values()) {
      if (!matches(fault, call)) continue
      fault.seen++
      if (fault.seen >= fault.nth && fault.seen < fault.nth + fault.times) due ??= fault
    }
    return due
  }

  /** Says that a call is being bent by the fault at this moment. */
  reach(fault: Fault): void {
    fault.reached++
    this.#wake(fault.id)
  }

  /** Resolves on the next change of the fault: reached, removed. Returns the way to stop waiting as well. */
  change(id: string): { promise: Promise<unknown>, cancel: () => void } {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const waiting = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, waiting.add(resolve))
    const cancel = () => {
      waiting.delete(resolve)
      resolve(undefined)
    }
    return { promise, cancel }
  }

  #wake(id: string): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    for (const resolve of waiting ?? []) resolve(undefined)
  }
}

function matches(fault: FaultPlan, call: Matchable): boolean {
  return (fault.mutation === undefined || fault.mutation === call.mutation)
    && (fault.operation === undefined || meets(fault.operation, call.operation))
    && (fault.subject === undefined || meets(fault.subject, call.subject))
}

/** `/…/` is a regular expression, anything else must be equal. */
function meets(pattern: string, text: string): boolean {
  const source = regexSource(pattern)
  return source === undefined ? pattern === text : new RegExp(source, 'u').test(text)
}

function regexSource(pattern: string): string | undefined {
  return /^\/(.+)\/$/s.exec(pattern)?.[1]
}

function isPattern(pattern: string): boolean {
  const source = regexSource(pattern)
  if (source === undefined) return true
  try {
    new RegExp(source, 'u')
    return true
  }
  catch {
    return false
  }
}
