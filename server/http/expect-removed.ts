import type { Removal } from '../db/lists'
import { notFound, problem } from './problem'

/**
 * Answers what became of something that was to be removed.
 * @param use what may still need it, and what to do then
 * @throws 404, 409
 */
export function expectRemoved(what: string, id: string, removal: Removal, use: { by: string, fix: string }): void {
  if (removal === 'missing') throw notFound(what, id)
  if (removal === 'used') throw problem({
    status: 409,
    code: 'STILL_USED',
    detail: `This ${what} still has ${use.by}.`,
    why: 'With it they would be lost, or left behind where nobody sees them.',
    fix: use.fix,
  })
}
