import { z } from 'zod'
import { Contributor } from './contributor'
import { PageQuery } from './page'
import { Failure } from './problem'
import { atLeastOne, oneLine, prose } from './rules'
import { Provisioning, WorkspaceStatus } from './workspace'

/** A solo task has one assignee, a concurrent one any number. */
export const TaskType = z.enum(['solo', 'concurrent']).meta({ id: 'TaskType' })

export const TaskStatus = z.enum(['todo', 'done']).meta({ id: 'TaskStatus' })

const parent = z.uuid().meta({ description: 'The parent task, of the same challenge.' })

export const NewTask = z.strictObject({
  title: oneLine(255),
  challenge_id: z.uuid(),
  parent_task_id: parent.optional(),
  description: prose(10_000).optional(),
  type: TaskType.default('solo'),
}).meta({ id: 'NewTask', example: { title: 'Setup Environment', challenge_id: 'cb909c84-20c4-42f7-a623-fff42db48a72', type: 'solo' } })
export type NewTask = z.output<typeof NewTask>

export const ChangedTask = atLeastOne(z.strictObject({
  title: oneLine(255).optional(),
  parent_task_id: parent.nullable().optional(),
  description: prose(10_000).nullable().optional(),
  type: TaskType.optional(),
  status: TaskStatus.optional().meta({ description: '`todo` reopens a completed task.' }),
})).meta({ id: 'ChangedTask', example: { type: 'concurrent' } })
export type ChangedTask = z.output<typeof ChangedTask>

export const Assignee = Contributor.extend({ assigned_at: z.iso.datetime() }).meta({ id: 'Assignee' })
export type Assignee = z.infer<typeof Assignee>

/** The workspace of a task in one repository. */
export const TaskWorkspace = Provisioning.extend({ repo_id: z.uuid() }).meta({ id: 'TaskWorkspace' })
export type TaskWorkspace = z.infer<typeof TaskWorkspace>

export const Task = z.object({
  uuid: z.uuid(),
  challenge_id: z.uuid(),
  parent_task_id: z.uuid().nullable(),
  slug: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  type: TaskType,
  status: TaskStatus,
  created_at: z.iso.datetime(),
  assignees: z.array(Assignee).meta({ description: 'The first assignee comes first.' }),
  workspaces: z.array(TaskWorkspace).meta({ description: 'One for each repository of the challenge, from the first assignment on.' }),
}).meta({ id: 'Task' })
export type Task = z.infer<typeof Task>

export const TaskListQuery = PageQuery.extend({ challenge_id: z.uuid().optional(), status: TaskStatus.optional() })

export const AssignTask = z.strictObject({ userId: z.uuid().meta({ description: 'The contributor.' }) })
  .meta({ id: 'AssignTask', example: { userId: 'd98d9caa-30bf-4a25-8f7f-61a6a8d4703a' } })

/** The assignment of a task, and the state of its workspaces. */
export const AssignedTask = z.object({
  assignment: z.object({ task_id: z.uuid(), user_id: z.uuid(), assigned_at: z.iso.datetime() }),
  provisioning: z.array(z.object({
    repo_id: z.uuid(),
    status: WorkspaceStatus,
    workspace: Provisioning.optional(),
    error: Failure.optional(),
  })).meta({ description: 'One for each repository that the challenge is linked to.' }),
}).meta({ id: 'AssignedTask' })
export type AssignedTask = z.infer<typeof AssignedTask>
