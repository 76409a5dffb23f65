import type { Messages } from './message.ts'

const wouldLose = (what: string) => `Deleting the ${what} would lose them or leave them behind unseen.`

/** Challenges, their links to repositories, and tasks. */
export const challenges = {
  NUMBER_TAKEN: {
    status: 409,
    message: ({ index }: { index: number }) => `Another challenge already has the number ${index}.`,
    why: 'The number names the workspaces of a challenge, so it must be unique.',
    fix: 'Choose another index, or omit it to get the next number.',
  },
  ENDS_BEFORE_START: {
    status: 400,
    message: 'The challenge would end before it starts.',
    why: 'The end_date is before the start_date.',
    fix: 'Send both dates together, with end_date on or after start_date.',
  },
  CHALLENGE_IN_USE: {
    code: 'STILL_USED',
    status: 409,
    message: 'This challenge still has tasks or linked repositories.',
    why: wouldLose('challenge'),
    fix: 'Delete its tasks and unlink its repositories first, or close it: PUT /api/challenges/{id} { "status": "closed" }.',
  },
  FOREIGN_REPO: {
    status: 422,
    message: ({ repo, challenge }: { repo: string, challenge: string }) =>
      `The repository "${repo}" belongs to another project than the challenge "${challenge}".`,
    why: 'A challenge uses only the repositories of its own project.',
    fix: 'Add the repository to the project of the challenge with POST /api/repos, and link that one.',
  },
  LINKED_OTHERWISE: {
    status: 409,
    message: ({ type, base, options }: { type: string, base: string, options: string }) =>
      `The challenge is linked to this repository already, with workspace_type ${type}, base_branch ${base} and options ${options}.`,
    why: 'A challenge has one workspace in a repository, and a second request does not change it.',
    fix: 'Send the same values to get the existing link, or unlink first: DELETE /api/repos/challenge-repos.',
  },
  FOREIGN_PARENT: {
    status: 422,
    message: ({ task }: { task: string }) => `The task ${task} belongs to another challenge.`,
    why: 'A task and its subtasks share the repositories of one challenge.',
    fix: 'Choose a task of the same challenge as parent_task_id, or omit it.',
  },
  PARENT_CYCLE: {
    status: 422,
    message: 'The parent task is this task itself or one of its subtasks.',
    why: 'A task cannot contain itself.',
    fix: 'Choose another task as parent_task_id, or null.',
  },
  TASK_IN_USE: {
    code: 'STILL_USED',
    status: 409,
    message: 'This task still has workspaces or subtasks.',
    why: wouldLose('task'),
    fix: 'Remove its workspaces and delete its subtasks first, or complete it: PATCH /api/tasks/{id}/complete.',
  },
  SEVERAL_ASSIGNEES: {
    status: 409,
    message: 'More than one contributor is assigned to this task.',
    why: 'A solo task has one assignee.',
    fix: 'Unassign all but one first: DELETE /api/tasks/{id}/assign.',
  },
  TASK_TAKEN: {
    status: 409,
    message: 'This solo task is assigned to another contributor.',
    why: 'A solo task belongs to the first contributor who takes it.',
    fix: 'Choose another task, unassign the other contributor first, or make the task concurrent.',
  },
  ALREADY_ASSIGNED: {
    status: 409,
    message: 'This contributor is assigned to the task already.',
    why: 'A task is assigned to a contributor once.',
    fix: 'Open the task to see its workspaces.',
  },
  NOT_ASSIGNED: {
    status: 409,
    message: 'This contributor is not assigned to the task.',
    why: 'Nobody assigned the task to them, or somebody unassigned them.',
    fix: 'List the assignees of the task: GET /api/tasks/{id}/assignees.',
  },
} as const satisfies Messages
