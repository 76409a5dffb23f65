import { distinct, slugOr } from './names'

/** What has a workspace: a challenge in a repository, or a task in one. */
export type WorkspaceKind = 'challenge' | 'task'

/** The longest name of a workspace; a git ref and a Space take more, people do not. */
const LENGTH = 100

/** `challenge/007-` or `task/007-`: the kind, and the challenge's number of three digits or more. */
const prefixOf = (kind: WorkspaceKind, challengeIndex: number) => `${kind}/${String(challengeIndex).padStart(3, '0')}-`

/**
 * The slug that a title gives a challenge or a task, from any script, never empty, and short enough for its
 * workspace's name; `taken` are those of its neighbours.
 */
export function workspaceSlug(kind: WorkspaceKind, challengeIndex: number, title: string, taken: Iterable<string> = []): string {
  const room = LENGTH - prefixOf(kind, challengeIndex).length
  return distinct(slugOr(kind, title, room), new Set(taken), room)
}

/** The name of a workspace, `challenge/007-admin-experience-update`: letters, digits, dashes and one slash, so that git takes it as it is. */
export const workspaceName = (kind: WorkspaceKind, challengeIndex: number, slug: string): string => prefixOf(kind, challengeIndex) + slug
