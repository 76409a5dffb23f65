import type { Messages } from './message.ts'

const wouldLose = (what: string) => `Deleting the ${what} would lose them or leave them behind unseen.`

/** Projects, their repositories and contributors. */
export const projects = {
  REPO_NAME_INVALID: {
    code: 'VALIDATION_FAILED',
    status: 400,
    message: 'The body is not valid: external_repo_id must be owner/name.',
    why: ({ service }: { service: string }) => `${service} repositories are named owner/name.`,
    fix: 'Copy owner/name from the address of the repository, for example MyTwin-Lab/leaderboard.',
  },
  TEAM_ID_INVALID: {
    code: 'VALIDATION_FAILED',
    status: 400,
    message: 'The body is not valid: external_repo_id must be the id of a Figma team.',
    why: 'Ids of Figma teams consist of digits.',
    fix: 'Copy the number from the address of the team\'s page, or omit it to use FIGMA_TEAM_ID.',
  },
  REPO_EXISTS: {
    status: 409,
    message: ({ name }: { name: string }) => `The project already has the repository ${name}.`,
    why: 'A project lists each repository once.',
    fix: 'Use the existing one: GET /api/repos lists them.',
  },
  REPO_ID_IN_USE: {
    code: 'STILL_USED',
    status: 409,
    message: 'The repository has workspaces, so its external_repo_id cannot change.',
    why: 'The workspaces are in the current repository, and Atelier would lose track of them.',
    fix: 'Unlink the repository from its challenges first, or add the other repository to the project as well.',
  },
  PROJECT_IN_USE: {
    code: 'STILL_USED',
    status: 409,
    message: 'This project still has repositories or challenges.',
    why: wouldLose('project'),
    fix: 'Delete its challenges and then its repositories first.',
  },
  REPO_IN_USE: {
    code: 'STILL_USED',
    status: 409,
    message: 'This repository still has workspaces of challenges or tasks.',
    why: wouldLose('repository'),
    fix: 'Unlink it from its challenges and remove the workspaces of their tasks first: GET /api/repos/{id}/challenges lists them.',
  },
  CONTRIBUTOR_EXISTS: {
    status: 409,
    message: ({ name }: { name: string }) => `There is a contributor ${name} already.`,
    why: 'A GitHub user name belongs to one person.',
    fix: 'Use the existing contributor: GET /api/contributors lists them.',
  },
  CONTRIBUTOR_IN_USE: {
    code: 'STILL_USED',
    status: 409,
    message: 'This contributor still has tasks.',
    why: wouldLose('contributor'),
    fix: 'Unassign their tasks first: DELETE /api/tasks/{id}/assign.',
  },
} as const satisfies Messages
