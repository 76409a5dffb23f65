import type { Messages } from './message.ts'

const refused = ({ target, said }: { target: string, said: string }) => `GitHub refused ${target}: ${said}`
const keptRepo = ({ name }: { name: string }) => `Atelier kept the repository ${name}.`
const existsAlready = ({ name }: { name: string }) => `The repository ${name} exists already, and Atelier did not create it for this.`
const LOOK_AT_REPO = 'Look at the repository on GitHub. Delete it there if nobody needs it, and press Retry; otherwise keep it.'

/** GitHub: the token, repositories and branches. */
export const github = {
  NAME_LEADS_ELSEWHERE: {
    code: 'PROVIDER_REJECTED',
    retryable: false,
    message: ({ target }: { target: string }) => `Atelier did not call GitHub: ${target} is another address than its names should give.`,
    why: 'One of the names is empty or consists of dots.',
    fix: 'Correct the name of the repository, as its page on GitHub shows it.',
  },
  GITHUB_NOT_ALLOWED: {
    retryable: false,
    message: ({ name }: { name: string }) => `Atelier did not call GitHub: ${name} is not in GITHUB_ALLOWED.`,
    why: 'This server may touch only the organizations and repositories that are listed there.',
    fix: 'Choose another repository, or add this one to GITHUB_ALLOWED, and start again.',
  },
  GITHUB_TOKEN_REFUSED: {
    code: 'PROVIDER_AUTHENTICATION',
    retryable: false,
    message: refused,
    why: 'GITHUB_TOKEN is wrong, revoked or expired.',
    fix: 'Create a token with the scopes repo, admin:org and delete_repo at https://github.com/settings/tokens. '
      + 'Set it as GITHUB_TOKEN, start Atelier again and try again.',
  },
  GITHUB_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The token may not do this in this organization.',
    fix: 'Give the token the scopes repo and admin:org, and its owner the right to create repositories; then try again.',
  },
  GITHUB_DELETE_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The token may not delete this.',
    fix: 'Give the token the scope delete_repo as well, and its owner admin rights to the repository; then try again.',
  },
  BRANCH_PROTECTION_UNAVAILABLE: {
    code: 'FEATURE_UNAVAILABLE',
    retryable: false,
    message: refused,
    why: 'GitHub protects branches of private repositories only on paid plans.',
    fix: 'Upgrade the organization, which is free for education at https://education.github.com, or continue without protection.',
  },
  GITHUB_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: refused,
    why: 'It does not exist, or the token may not see it.',
    fix: 'Check GITHUB_ORG and the access of the token, then try again.',
  },
  GITHUB_NOT_FOUND_YET: {
    code: 'PARENT_NOT_FOUND',
    retryable: true,
    message: refused,
    why: 'It does not exist yet, or the token may not see it.',
    fix: 'Wait: Atelier tries again by itself. If it keeps failing, check the access of the token, then try again.',
  },
  GITHUB_BUSY: {
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
    message: refused,
    why: 'GitHub is still working on an earlier change of this repository.',
    fix: 'Wait: Atelier tries again by itself. If it keeps failing, check https://www.githubstatus.com, then try again.',
  },
  REPO_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: ({ repo }: { repo: string }) => `GitHub has no repository ${repo}, or the token may not see it.`,
    why: 'Atelier creates branches only in existing repositories.',
    fix: 'Correct owner/name of the repository, or give GITHUB_TOKEN access to it; then press Reprovision.',
  },
  TEMPLATE_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: ({ template }: { template: string }) => `GitHub has no template ${template}, or the token may not see it.`,
    why: 'The new repository starts as a copy of this template.',
    fix: 'Mark that repository as a template in its settings, give GITHUB_TOKEN access to it, or link another template; then try again.',
  },
  REPO_NOT_OURS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: existsAlready,
    why: 'It does not carry the marker of this course, so Atelier does not touch it.',
    fix: 'Rename or remove that repository on GitHub and press Retry, or create the course again with another githubRepoName.',
  },
  WORKSPACE_REPO_NOT_OURS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: existsAlready,
    why: 'It does not carry the marker of this workspace, so Atelier does not touch it.',
    fix: 'Rename or remove that repository on GitHub and press Reprovision.',
  },
  REPO_MARKER_LOST: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: keptRepo,
    why: 'The repository no longer carries the marker of Atelier, so somebody else uses it.',
    fix: LOOK_AT_REPO,
  },
  REPO_HAS_COMMITS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: keptRepo,
    why: 'Somebody has pushed to the repository since it was created, and deleting it would lose that work.',
    fix: LOOK_AT_REPO,
  },
  REPO_HAS_ISSUES: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: keptRepo,
    why: 'Somebody has opened an issue or a pull request, and deleting the repository would lose it.',
    fix: LOOK_AT_REPO,
  },
  BRANCH_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: ({ repo, branch }: { repo: string, branch: string }) => `The repository ${repo} has no branch ${branch}.`,
    why: 'The branch was never created, it was renamed, or the repository has no commit yet.',
    fix: 'Choose an existing base branch, or create this one on GitHub; then link again or press Reprovision.',
  },
  BRANCH_NAME_BLOCKED: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ repo, other, branch }: { repo: string, other: string, branch: string }) =>
      `The branch ${other} of ${repo} prevents a branch named ${branch}.`,
    why: 'Git stores branches like files: a branch "a" excludes a branch "a/b", and vice versa.',
    fix: ({ other }: { other: string }) => `Rename or delete the branch ${other} on GitHub and press Reprovision.`,
  },
  BRANCH_ON_OTHER_COMMIT: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ branch, sha, wanted }: { branch: string, sha: string, wanted: string }) =>
      `The branch ${branch} exists already on commit ${sha}; the workspace starts on commit ${wanted}.`,
    why: 'Somebody else may have created it, so Atelier does not touch it.',
    fix: 'Rename or delete the branch on GitHub and press Reprovision. To use it as it is, unlink, and link again with the option adopt.',
  },
  BRANCH_HAS_COMMITS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ branch, commits, base }: { branch: string, commits: number, base: string }) =>
      `The branch ${branch} has ${commits} commit${commits === 1 ? '' : 's'} that ${base} does not have.`,
    why: 'Deleting the branch would lose that work.',
    fix: 'Merge the branch or delete it on GitHub by hand, or unlink without removing it.',
  },
  BRANCH_NOT_COMPARABLE: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ branch, base }: { branch: string, base: string }) => `GitHub can no longer compare the branch ${branch} with ${base}.`,
    why: 'The branch may contain work, and deleting it would lose that work.',
    fix: 'Merge the branch or delete it on GitHub by hand, or unlink without removing it.',
  },
} as const satisfies Messages
