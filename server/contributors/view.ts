import type { AssigneeRow } from '../challenges/queries/assignments'
import type { ContributorRow } from './queries'
import type { Contributor } from '../../shared/schemas/contributor'
import type { Assignee } from '../../shared/schemas/task'
import { problem } from '../http/problem'

/** A contributor as the API answers it. */
export const toContributor = ({ id, fullName, githubUsername, createdAt }: ContributorRow): Contributor =>
  ({ uuid: id, full_name: fullName, github_username: githubUsername, created_at: createdAt.toISOString() })

/** Somebody who is at a task, as the API answers it. */
export const toAssignee = (row: AssigneeRow): Assignee => ({ ...toContributor(row), assigned_at: row.assignedAt.toISOString() })

/** 409 for a GitHub name that another contributor has. */
export const nameTaken = (name: string) => problem({
  status: 409,
  code: 'CONTRIBUTOR_EXISTS',
  detail: `There is a contributor ${name} already.`,
  why: 'A GitHub user name belongs to one person.',
  fix: 'Use the one that is there: GET /api/contributors lists them.',
})
