import type { TaskRow } from './queries/tasks'
import { requireTask } from '../http/require'
import { problem } from '../http/problem'

/** @throws 404 when there is no such task, 422 when it is another challenge's */
export async function checkParent(parentId: string, challengeId: string): Promise<TaskRow> {
  const parent = await requireTask(parentId)
  if (parent.challengeId !== challengeId) throw problem('FOREIGN_PARENT', { task: parentId })
  return parent
}
