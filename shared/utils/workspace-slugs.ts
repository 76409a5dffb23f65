import { distinct, slugOr } from './names'
import { type WorkspaceKind, workspacePrefix } from './workspace-names'

// Apart from the names themselves: the dashboard shows those, and the tables of transliteration weigh more than its largest page.

/** The longest name of a workspace; a git ref and a Space allow more, but nobody reads it. */
const LENGTH = 100

/**
 * The slug that a title gives a challenge or a task, from any script, never empty, and short enough for its
 * workspace's name; `taken` are those of its neighbours.
 */
export function workspaceSlug(kind: WorkspaceKind, challengeIndex: number, title: string, taken: Iterable<string> = []): string {
  const room = LENGTH - workspacePrefix(kind, challengeIndex).length
  return distinct(slugOr(kind, title, room), new Set(taken), room)
}
