import { isDeepStrictEqual } from 'node:util'
import type { ChallengeRecord } from './queries/challenges'
import type { TaskRow } from './queries/tasks'
import type { RepoRow } from '../projects'
import type { NewWorkspace, WorkspaceRecord } from '../workspaces'
import { problem } from '../http/problem'

/** @throws 422 when the repository belongs to another project than the challenge */
export function checkProject(challenge: ChallengeRecord, repo: RepoRow): void {
  if (challenge.projectId !== repo.projectId) throw problem('FOREIGN_REPO', { repo: repo.title, challenge: challenge.title })
}

/** @throws 409 when the existing link was requested with another spec */
export function checkSameSpec(link: WorkspaceRecord, wanted: NewWorkspace): void {
  const is = { type: link.type, baseBranch: link.baseBranch, options: link.options }
  if (isDeepStrictEqual(is, { type: wanted.type, baseBranch: wanted.baseBranch ?? null, options: wanted.options })) return
  throw problem('LINKED_OTHERWISE', { type: is.type, base: is.baseBranch ?? 'not named', options: JSON.stringify(is.options) })
}

/** @throws 422 when the parent is a task of another challenge */
export function checkParent(parent: TaskRow, challengeId: string): void {
  if (parent.challengeId !== challengeId) throw problem('FOREIGN_PARENT', { task: parent.id })
}
