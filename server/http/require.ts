import type { Removal } from '../db/lists'
import type { Scope } from '../db/scope'
import { findRunRow } from '../engine/queries/runs'
import type { ProblemId } from '../lib/messages'
import { notFound, problem } from './problem'

/**
 * A finder that must find, `requireBy('course', findCourse)`.
 * @returns finds by an id in the scope of the caller, and throws 404 when there is none
 */
export const requireBy = <T>(what: string, find: (id: string, scope: Scope) => Promise<T | undefined>) =>
  async (id: string, scope: Scope): Promise<T> => {
    const found = await find(id, scope)
    if (!found) throw notFound(what, id)
    return found
  }

export const requireRun = requireBy('run', findRunRow)

/**
 * Requires that a row was removed.
 * @param inUse the message when something else still needs it
 * @throws 404, 409
 */
export function requireRemoved(what: string, id: string, removal: Removal, inUse: Extract<ProblemId, `${string}_IN_USE`>): void {
  if (removal === 'missing') throw notFound(what, id)
  if (removal === 'used') throw problem(inUse)
}
