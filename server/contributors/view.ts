import type { AssigneeRow } from '../challenges/queries/assignments'
import type { ContributorRow } from './queries'
import type { Contributor } from '../../shared/schemas/contributor'
import type { Assignee } from '../../shared/schemas/task'

/** A contributor as the API answers it. */
export const toContributor = ({ id, fullName, githubUsername, createdAt }: ContributorRow): Contributor =>
  ({ uuid: id, full_name: fullName, github_username: githubUsername, created_at: createdAt.toISOString() })

/** Somebody who is at a task, as the API answers it. */
export const toAssignee = (row: AssigneeRow): Assignee => ({ ...toContributor(row), assigned_at: row.assignedAt.toISOString() })
