import type { Removal } from '../db/lists'
import type { ProblemId } from '../lib/messages'
import { notFound, problem } from './problem'

/**
 * A finder that must find, `requireBy('course', findCourse)`.
 * @returns finds by an id, and throws 404 when there is none
 */
export const requireBy = <T>(what: string, find: (id: string) => Promise<T | undefined>) => async (id: string): Promise<T> => {
  const found = await find(id)
  if (!found) throw notFound(what, id)
  return found
}

/**
 * Requires that a row was removed.
 * @param inUse the message when something else still needs it
 * @throws 404, 409
 */
export function requireRemoved(what: string, id: string, removal: Removal, inUse: Extract<ProblemId, `${string}_IN_USE`>): void {
  if (removal === 'missing') throw notFound(what, id)
  if (removal === 'used') throw problem(inUse)
}
