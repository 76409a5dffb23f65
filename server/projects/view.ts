import type { ProjectRow, RepoRow } from './queries'
import type { Project, Repo } from '../../shared/schemas/project'

/** A project as the API answers it. */
export const toProject = ({ id, title, description, createdAt }: ProjectRow): Project =>
  ({ uuid: id, title, description, created_at: createdAt.toISOString() })

/** A repository as the API answers it. */
export const toRepo = ({ id, title, type, externalRepoId, projectId }: RepoRow): Repo =>
  ({ uuid: id, title, type, external_repo_id: externalRepoId, project_id: projectId })
