import { isDeepStrictEqual } from 'node:util'
import type { ChallengeRecord } from './queries/challenges'
import type { RepoRow } from '../projects/queries'
import type { NewWorkspace, WorkspaceRecord } from '../workspaces'
import { problem } from '../http/problem'

/** @throws 422 when the repository is another project's than the challenge */
export function checkProject(challenge: ChallengeRecord, repo: RepoRow): void {
  if (challenge.projectId !== repo.projectId) throw problem({
    status: 422,
    code: 'FOREIGN_REPO',
    detail: `The repository "${repo.title}" belongs to another project than the challenge "${challenge.title}".`,
    why: 'A challenge is worked on in the repositories of its own project.',
    fix: 'Add the repository to the challenge\'s project, POST /api/repos, and link that one.',
  })
}

/** @throws 409 when the link that stands there was asked for with other wishes */
export function checkSameSpec(link: WorkspaceRecord, wanted: NewWorkspace): void {
  const is = { type: link.type, baseBranch: link.baseBranch, options: link.options }
  if (isDeepStrictEqual(is, { type: wanted.type, baseBranch: wanted.baseBranch ?? null, options: wanted.options })) return
  throw problem({
    status: 409,
    code: 'LINKED_OTHERWISE',
    detail: `The challenge is linked to this repository already, with workspace_type ${is.type}, base_branch ${is.baseBranch ?? 'not named'} and options ${JSON.stringify(is.options)}.`,
    why: 'A challenge has one workspace in a repository, and what was made is not changed by asking for something else.',
    fix: 'Send the same wishes to get what is there, or unlink first: DELETE /api/repos/challenge-repos.',
  })
}
