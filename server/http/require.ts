import { type ChallengeRecord, findChallenge } from '../challenges/queries/challenges'
import { type ContributorRow, findContributor } from '../contributors/queries'
import { findProject, findRepo, type ProjectRow, type RepoRow } from '../projects/queries'
import { findTask, type TaskRow } from '../challenges/queries/tasks'
import { findWorkspace, type WorkspaceRecord } from '../workspaces/queries/workspaces'
import { notFound } from './problem'

/** What a finder finds. @throws 404 when there is none */
const known = <T>(what: string, find: (id: string) => Promise<T | undefined>) => async (id: string): Promise<T> => {
  const found = await find(id)
  if (!found) throw notFound(what, id)
  return found
}

export const requireProject: (id: string) => Promise<ProjectRow> = known('project', findProject)
export const requireRepo: (id: string) => Promise<RepoRow> = known('repository', findRepo)
export const requireChallenge: (id: string) => Promise<ChallengeRecord> = known('challenge', findChallenge)
export const requireTask: (id: string) => Promise<TaskRow> = known('task', findTask)
export const requireContributor: (id: string) => Promise<ContributorRow> = known('contributor', findContributor)
export const requireWorkspace: (id: string) => Promise<WorkspaceRecord> = known('workspace', id => findWorkspace(id))
