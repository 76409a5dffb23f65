import { z } from 'zod'

const pattern = z.string().min(1).refine(isPattern, 'is not a regular expression')

/** The body of `POST /__emulator/faults`. */
export const faultSchema = z.strictObject({
  operation: pattern.optional(),
  subject: pattern.optional(),
  mutation: z.boolean().optional(),
  /** Which matching call from now on is the first that the fault hits. */
  nth: z.int().min(1).default(1),
  /** How many matching calls in a row the fault hits. */
  times: z.int().min(1).default(1),
  /** Inject the fault before or after the call takes effect. */
  when: z.enum(['before', 'after']),
  action: z.enum(['status', 'drop', 'hold', 'delay', 'cut']),
  status: z.int().min(400).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  ms: z.int().min(0).max(600_000).optional(),
})
  .refine(fault => fault.action !== 'status' || fault.status !== undefined, { path: ['status'], error: 'the action status needs it' })
  .refine(fault => fault.action !== 'delay' || fault.ms !== undefined, { path: ['ms'], error: 'the action delay needs it' })
  .refine(fault => fault.action !== 'cut' || fault.when === 'after', { path: ['when'], error: 'an answer can be cut off after the call' })

export type FaultPlan = z.infer<typeof faultSchema>

/** The fields of a call that a fault matches. */
export interface Matchable {
  operation: string
  subject: string
  mutation: boolean
}

/** A planned fault with its counters. */
export interface Fault extends FaultPlan {
  id: string
  /** Matching calls so far. */
  seen: number
  /** Calls that the fault has hit so far. */
  reached: number
}

/** The planned faults, matched against each call. They are in memory only: a restart has no faults. */
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

  /** Removes a fault. Calls that it holds go on. */
  remove(id: string): boolean {
    const known = this.#plans.delete(id)
    this.#wake(id)
    return known
  }

  clear(): void {
    for (const id of [...this.#plans.keys()]) this.remove(id)
  }

  /** Counts the call for every fault that it matches. @returns the first fault that hits it */
  match(call: Matchable): Fault | undefined {
    let hit: Fault | undefined
    for (const fault of this.#plans.values()) {
      if (!matches(fault, call)) continue
      fault.seen++
      if (fault.seen >= fault.nth && fault.seen < fault.nth + fault.times) hit ??= fault
    }
    return hit
  }

  /** Records that the fault hits a call now. */
  recordHit(fault: Fault): void {
    fault.reached++
    this.#wake(fault.id)
  }

  /** Resolves when the fault next hits a call, or is removed. @returns the promise, and how to stop waiting */
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
    && (fault.operation === undefined || matchesPattern(fault.operation, call.operation))
    && (fault.subject === undefined || matchesPattern(fault.subject, call.subject))
}

/** `/…/` is a regular expression; any other text must be equal. */
function matchesPattern(pattern: string, text: string): boolean {
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
