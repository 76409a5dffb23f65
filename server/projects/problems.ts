import { repoIdFault } from '../../shared/schemas/project'
import type { RepoType } from '../../shared/schemas/workspace'
import { problem } from '../http/problem'

/** @throws 400 when repositories of that type are not named so */
export function checkRepoId(type: RepoType, id: string): void {
  const fault = repoIdFault(type, id)
  if (fault) throw problem({
    status: 400,
    code: 'VALIDATION_FAILED',
    detail: `The body is not valid: external_repo_id: ${fault.message}`,
    why: `So are repositories of the type ${type} not named.`,
    fix: fault.fix,
    errors: [{ field: 'external_repo_id', ...fault }],
  })
}

/** 409 for a repository that the project has already. */
export const repoExists = (name: string) => problem({
  status: 409,
  code: 'REPO_EXISTS',
  detail: `The project has the repository ${name} already.`,
  why: 'A repository stands once in a project, so that its workspaces are known.',
  fix: 'Use the one that is there: GET /api/repos lists them.',
})

/** 409 for a repository that cannot move, as there are workspaces in it. */
export const repoUsed = () => problem({
  status: 409,
  code: 'STILL_USED',
  detail: 'There are workspaces in this repository, so its external_repo_id cannot change.',
  why: 'They are where the repository is now, and would be lost from sight.',
  fix: 'Unlink it from its challenges first, or add the other repository beside it.',
})
