import type { Workspace } from '../../../shared/schemas/workspace.ts'
import { branchId, type Comparison, type Finding, type Outside } from '../order.ts'

/** The branches of a repository whose name ends so, with the commit that each is on. */
export function branchesOf({ github }: Outside, repository: string, ending: string): { branch: string, sha: string }[] {
  const { branches } = github.repos.find(({ full_name }) => full_name === repository)!
  return Object.entries(branches).filter(([branch]) => branch.endsWith(`-${ending}`)).map(([branch, { sha }]) => ({ branch, sha }))
}

/** Compares a workspace with its branch: one, on the commit that the repository is on, and known as such. */
export function compareBranch(outside: Outside, repository: string, ending: string, { ref, status, meta, real }: Workspace): Comparison {
  const there = branchesOf(outside, repository, ending)
  const main = outside.github.repos.find(({ full_name }) => full_name === repository)!.branches.main!
  const [one, ...more] = there
  const findings: Finding[] = more.map(({ branch }) => ({ kind: 'doubled', what: `branch ${branch}` }))
  if (!one) findings.push({ kind: 'lost', what: ref })
  else if (`refs/heads/${one.branch}` !== ref || one.sha !== main.sha || meta.sha !== one.sha || status !== 'ready' || real?.state !== 'ready')
    findings.push({ kind: 'wrong', what: `branch ${one.branch} is on ${one.sha}, and Atelier knows ${JSON.stringify({ ref, status, meta, real })}` })
  return { findings, accounted: there.map(({ branch }) => branchId(repository, branch)) }
}
