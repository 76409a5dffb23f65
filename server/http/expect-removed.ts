import type { Removal } from '../db/lists'
import type { ProblemId } from '../lib/messages'
import { notFound, problem } from './problem'

/**
 * Answers what became of something that was to be removed.
 * @param inUse the message when something else still needs it
 * @throws 404, 409
 */
export function expectRemoved(what: string, id: string, removal: Removal, inUse: Extract<ProblemId, `${string}_IN_USE`>): void {
  if (removal === 'missing') throw notFound(what, id)
  if (removal === 'used') throw problem(inUse)
}
