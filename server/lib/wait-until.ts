/** Where Vercel keeps the context of a request, as in its own package `@vercel/functions`. */
const REQUEST = Symbol.for('@vercel/request-context')

interface Vercel { get?: () => { waitUntil?: (work: Promise<unknown>) => void } | undefined }

/**
 * Lets work continue after the answer. Vercel freezes a function once it has answered, unless it knows of
 * unfinished work; elsewhere nothing needs to know.
 * https://vercel.com/docs/functions/functions-api-reference/vercel-functions-package#waituntil
 * @param work never rejects
 */
export function waitUntil(work: Promise<void>): void {
  const vercel = (globalThis as { [REQUEST]?: Vercel })[REQUEST]
  vercel?.get?.()?.waitUntil?.(work)
}

/** Does work whose time has come only where a function may be frozen right after its answer. */
export function whereAnswersFreeze(work: () => Promise<void>): void {
  if ((globalThis as { [REQUEST]?: Vercel })[REQUEST]?.get?.()?.waitUntil) waitUntil(work())
}
