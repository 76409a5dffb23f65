import { type ChallengeRecord, findChallenge } from '../db/queries/challenges'
import { type ContributorRow, findContributor } from '../db/queries/contributors'
import { findProject, findRepo, type ProjectRow, type RepoRow } from '../db/queries/projects'
import { findTask, type TaskRow } from '../db/queries/tasks'
import { findWorkspace, type WorkspaceRecord } from '../db/queries/workspaces'
import { notFound } from './problem'

/** What a finder finds. @throws 404 when there is none */
const known = <T>(what: string, find: (id: string) => Promise<T | undefined>) => async (id: string): Promise<T> => {
  const found = await find(id)
  if (!found) throw notFound(what, id)
  return found
}

export const knownProject: (id: string) => Promise<ProjectRow> = known('project', findProject)
export const knownRepo: (id: string) => Promise<RepoRow> = known('repository', findRepo)
export const knownChallenge: (id: string) => Promise<ChallengeRecord> = known('challenge', findChallenge)
export const knownTask: (id: string) => Promise<TaskRow> = known('task', findTask)
export const knownContributor: (id: string) => Promise<ContributorRow> = known('contributor', findContributor)
export const knownWorkspace: (id: string) => Promise<WorkspaceRecord> = known('workspace', id => findWorkspace(id))
