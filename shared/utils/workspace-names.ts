/** Who has a workspace: a challenge in a repository, or a task in one. */
export type WorkspaceKind = 'challenge' | 'task'

/** A challenge's number as people and workspaces show it: three digits or more. */
export const paddedIndex = (index: number): string => String(index).padStart(3, '0')

/** What the name of a workspace begins with, `challenge/007-` or `task/007-`. */
export const workspacePrefix = (kind: WorkspaceKind, challengeIndex: number): string => `${kind}/${paddedIndex(challengeIndex)}-`

/** The name of a workspace, `challenge/007-admin-experience-update`: letters, digits, dashes and one slash, which git accepts. */
export const workspaceName = (kind: WorkspaceKind, challengeIndex: number, slug: string): string =>
  workspacePrefix(kind, challengeIndex) + slug
