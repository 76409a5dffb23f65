import type { Workspace } from '../../../shared/schemas/workspace.ts'
import { type ActualState, branchId, type Finding, type Verification } from '../scenario.ts'

/** The branches of a repository with this slug, each with its commit. */
export function branchesOf(actual: ActualState, repository: string, slug: string): { branch: string, sha: string }[] {
  return Object.entries(repoOf(actual, repository).branches)
    .filter(([branch]) => branch.endsWith(`-${slug}`))
    .map(([branch, { sha }]) => ({ branch, sha }))
}

/** Verifies that a workspace has exactly one branch, on the commit of `main`, and that Atelier has it on record. */
export function verifyBranch(actual: ActualState, repository: string, slug: string, workspace: Workspace): Verification {
  const { ref, status, meta, observed, observedError } = workspace
  const branches = branchesOf(actual, repository, slug)
  const main = repoOf(actual, repository).branches.main!
  const [one, ...more] = branches
  const findings: Finding[] = more.map(({ branch }) => ({ kind: 'doubled', what: `branch ${branch}` }))
  if (!one) findings.push({ kind: 'lost', what: ref })
  else {
    const isRecorded = `refs/heads/${one.branch}` === ref && meta.sha === one.sha
    const isReady = status === 'ready' && observed?.state === 'ready'
    if (one.sha !== main.sha || !isRecorded || !isReady) {
      const record = JSON.stringify({ ref, status, meta, observed, observedError })
      findings.push({ kind: 'wrong', what: `branch ${one.branch} is on ${one.sha}, and Atelier has ${record}` })
    }
  }
  return { findings, expectedIds: branches.map(({ branch }) => branchId(repository, branch)) }
}

const repoOf = ({ github }: ActualState, repository: string) =>
  github.repos.find(({ full_name }) => full_name === repository)!
