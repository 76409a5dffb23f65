/** Where Vercel keeps what belongs to a request, as its own package `@vercel/functions` has it. */
const REQUEST = Symbol.for('@vercel/request-context')

interface Vercel { get?: () => { waitUntil?: (work: Promise<unknown>) => void } | undefined }

/**
 * Lets work go on behind the answer. Vercel freezes a function once it has answered, unless it is
 * told of what is still under way; elsewhere there is nobody to tell.
 * https://vercel.com/docs/functions/functions-api-reference/vercel-functions-package#waituntil
 * @param work never rejects
 */
export function waitUntil(work: Promise<void>): void {
  const vercel = (globalThis as { [REQUEST]?: Vercel })[REQUEST]
  vercel?.get?.()?.waitUntil?.(work)
}
