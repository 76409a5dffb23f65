import { z } from 'zod'
import { AuditEntry, AuditQuery } from './schemas/audit'
import { Challenge, ChallengeLink, ChallengeListQuery, ChangedChallenge, LinkedRepo, NewChallenge, NewChallengeRepo } from './schemas/challenge'
import { ChangedContributor, Contributor, ContributorListQuery, NewContributor } from './schemas/contributor'
import { ChooseDiscordServer, Course, CourseListQuery, CourseStatusReport, CourseSummary, NewCourse } from './schemas/course'
import { Health } from './schemas/health'
import { ChangedProject, ChangedRepo, NewProject, NewRepo, Project, ProjectListQuery, Repo, RepoListQuery } from './schemas/project'
import { page } from './schemas/page'
import { Resource } from './schemas/resource'
import { CancelledRun, CancelRun, ListedRun, Run, RunListQuery, RunSummary, ShownRun } from './schemas/run'
import { ScheduledStart, ScheduledWorkflow } from './schemas/schedule'
import type { Role } from './schemas/session'
import { ApiKey, CreatedApiKey, NewApiKey, Session, SignIn, SignInLink } from './schemas/session'
import { Assignee, AssignedTask, AssignTask, ChangedTask, NewTask, Task, TaskListQuery } from './schemas/task'
import { Provider, RemovedWorkspace, Workspace, WorkspaceRemoval } from './schemas/workspace'

/**
 * Every operation of the HTTP API, once: the handlers check against it, the OpenAPI
 * description is made from it, and the dashboard takes its types from it.
 */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it, `/api/courses/{id}`. */
  path: string
  summary: string
  tag: string
  /** The least role that may; `anyone` needs no key. */
  role: Role | 'anyone'
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** Status of the good answer and its body; absent body: none. `atOnce`: the status when what was asked for is done within two seconds. */
  answers: { status: number, atOnce?: number, body?: z.ZodType, type?: string }
  /** Statuses of the problems that it may answer beside 400, 401, 403 and 429. */
  problems?: readonly number[]
  /** Whether it takes an `Idempotency-Key`. */
  idempotent?: true
}

const byId = z.object({ id: z.uuid({ error: 'It is no id: those are UUIDs.' }) })

export const operations = {
  createCourse: { method: 'post', path: '/api/courses', tag: 'Courses', summary: 'Create a course and start to provision it', role: 'operator', body: NewCourse, answers: { status: 202, body: Course }, problems: [409, 413, 415], idempotent: true },
  listCourses: { method: 'get', path: '/api/courses', tag: 'Courses', summary: 'List courses, newest first', role: 'viewer', query: CourseListQuery, answers: { status: 200, body: page(CourseSummary) } },
  getCourse: { method: 'get', path: '/api/courses/{id}', tag: 'Courses', summary: 'Show a course with its run', role: 'viewer', params: byId, answers: { status: 200, body: Course }, problems: [404] },
  getCourseStatus: { method: 'get', path: '/api/courses/{id}/status', tag: 'Courses', summary: 'Show the steps of a course', role: 'viewer', params: byId, answers: { status: 200, body: CourseStatusReport }, problems: [404] },
  retryCourse: { method: 'post', path: '/api/courses/{id}/retry', tag: 'Courses', summary: 'Take up a failed or cancelled course again: only what is missing is done', role: 'operator', params: byId, answers: { status: 202, body: Course }, problems: [404, 409] },
  chooseDiscordServer: { method: 'post', path: '/api/courses/{id}/discord-server', tag: 'Courses', summary: 'Name the Discord server that a waiting course waits for', role: 'operator', params: byId, body: ChooseDiscordServer, answers: { status: 202, body: Course }, problems: [404, 409, 422, 502, 503] },
  listCourseResources: { method: 'get', path: '/api/courses/{id}/resources', tag: 'Courses', summary: 'List everything made for a course', role: 'viewer', params: byId, answers: { status: 200, body: z.object({ items: z.array(Resource) }) }, problems: [404] },
  createProject: { method: 'post', path: '/api/projects', tag: 'Projects', summary: 'Create a project', role: 'operator', body: NewProject, answers: { status: 201, body: Project }, problems: [413, 415] },
  listProjects: { method: 'get', path: '/api/projects', tag: 'Projects', summary: 'List projects, newest first', role: 'viewer', query: ProjectListQuery, answers: { status: 200, body: page(Project) } },
  getProject: { method: 'get', path: '/api/projects/{id}', tag: 'Projects', summary: 'Show a project', role: 'viewer', params: byId, answers: { status: 200, body: Project }, problems: [404] },
  updateProject: { method: 'put', path: '/api/projects/{id}', tag: 'Projects', summary: 'Change fields of a project', role: 'operator', params: byId, body: ChangedProject, answers: { status: 200, body: Project }, problems: [404, 413, 415] },
  deleteProject: { method: 'delete', path: '/api/projects/{id}', tag: 'Projects', summary: 'Delete a project that has neither repositories nor challenges', role: 'operator', params: byId, answers: { status: 204 }, problems: [404, 409] },
  createRepo: { method: 'post', path: '/api/repos', tag: 'Projects', summary: 'Add a repository to a project', role: 'operator', body: NewRepo, answers: { status: 201, body: Repo }, problems: [404, 409, 413, 415] },
  listRepos: { method: 'get', path: '/api/repos', tag: 'Projects', summary: 'List repositories, newest first', role: 'viewer', query: RepoListQuery, answers: { status: 200, body: page(Repo) } },
  getRepo: { method: 'get', path: '/api/repos/{id}', tag: 'Projects', summary: 'Show a repository', role: 'viewer', params: byId, answers: { status: 200, body: Repo }, problems: [404] },
  updateRepo: { method: 'put', path: '/api/repos/{id}', tag: 'Projects', summary: 'Change fields of a repository', role: 'operator', params: byId, body: ChangedRepo, answers: { status: 200, body: Repo }, problems: [404, 409, 413, 415] },
  deleteRepo: { method: 'delete', path: '/api/repos/{id}', tag: 'Projects', summary: 'Remove a repository without workspaces from its project; the repository itself stays', role: 'operator', params: byId, answers: { status: 204 }, problems: [404, 409] },
  listRepoChallenges: { method: 'get', path: '/api/repos/{id}/challenges', tag: 'Projects', summary: 'List the challenges that are linked to a repository', role: 'viewer', params: byId, answers: { status: 200, body: z.object({ items: z.array(Challenge) }) }, problems: [404] },
  createChallenge: { method: 'post', path: '/api/challenges', tag: 'Challenges', summary: 'Create a challenge of a project', role: 'operator', body: NewChallenge, answers: { status: 201, body: Challenge }, problems: [404, 409, 413, 415] },
  listChallenges: { method: 'get', path: '/api/challenges', tag: 'Challenges', summary: 'List challenges, the highest number first', role: 'viewer', query: ChallengeListQuery, answers: { status: 200, body: page(Challenge) } },
  getChallenge: { method: 'get', path: '/api/challenges/{id}', tag: 'Challenges', summary: 'Show a challenge', role: 'viewer', params: byId, answers: { status: 200, body: Challenge }, problems: [404] },
  updateChallenge: { method: 'put', path: '/api/challenges/{id}', tag: 'Challenges', summary: 'Change fields of a challenge', role: 'operator', params: byId, body: ChangedChallenge, answers: { status: 200, body: Challenge }, problems: [404, 413, 415] },
  deleteChallenge: { method: 'delete', path: '/api/challenges/{id}', tag: 'Challenges', summary: 'Delete a challenge that has neither tasks nor links', role: 'operator', params: byId, answers: { status: 204 }, problems: [404, 409] },
  listChallengeRepos: { method: 'get', path: '/api/challenges/{id}/repos', tag: 'Challenges', summary: 'List the repositories that a challenge is linked to, with its workspaces', role: 'viewer', params: byId, answers: { status: 200, body: z.object({ items: z.array(ChallengeLink) }) }, problems: [404] },
  linkChallengeRepo: { method: 'post', path: '/api/repos/challenge-repos', tag: 'Challenges', summary: 'Link a challenge to a repository, and make its workspace there', role: 'operator', body: NewChallengeRepo, answers: { status: 202, atOnce: 201, body: LinkedRepo }, problems: [404, 409, 413, 415, 422, 502, 503], idempotent: true },
  unlinkChallengeRepo: { method: 'delete', path: '/api/repos/challenge-repos', tag: 'Challenges', summary: 'Unlink a challenge from a repository, and remove its workspace there if that is wanted and nobody has worked in it', role: 'operator', query: WorkspaceRemoval.extend({ challenge_id: z.uuid(), repo_id: z.uuid() }), answers: { status: 202, atOnce: 200, body: RemovedWorkspace }, problems: [404, 409, 502, 503] },
  createTask: { method: 'post', path: '/api/tasks', tag: 'Tasks', summary: 'Create a task of a challenge', role: 'operator', body: NewTask, answers: { status: 201, body: Task }, problems: [404, 413, 415, 422] },
  listTasks: { method: 'get', path: '/api/tasks', tag: 'Tasks', summary: 'List tasks, oldest first', role: 'viewer', query: TaskListQuery, answers: { status: 200, body: page(Task) } },
  getTask: { method: 'get', path: '/api/tasks/{id}', tag: 'Tasks', summary: 'Show a task with its assignees and workspaces', role: 'viewer', params: byId, answers: { status: 200, body: Task }, problems: [404] },
  updateTask: { method: 'put', path: '/api/tasks/{id}', tag: 'Tasks', summary: 'Change fields of a task', role: 'operator', params: byId, body: ChangedTask, answers: { status: 200, body: Task }, problems: [404, 409, 413, 415, 422] },
  deleteTask: { method: 'delete', path: '/api/tasks/{id}', tag: 'Tasks', summary: 'Delete a task that has neither workspaces nor parts', role: 'operator', params: byId, answers: { status: 204 }, problems: [404, 409] },
  assignTask: { method: 'post', path: '/api/tasks/{id}/assign', tag: 'Tasks', summary: 'Give a task to a contributor; the first one gets it its workspaces', role: 'operator', params: byId, body: AssignTask, answers: { status: 202, atOnce: 201, body: AssignedTask }, problems: [404, 409, 413, 415], idempotent: true },
  unassignTask: { method: 'delete', path: '/api/tasks/{id}/assign', tag: 'Tasks', summary: 'Take a task from a contributor; its workspaces stay', role: 'operator', params: byId, query: AssignTask, answers: { status: 200, body: z.object({ success: z.literal(true) }) }, problems: [404, 409] },
  listTaskAssignees: { method: 'get', path: '/api/tasks/{id}/assignees', tag: 'Tasks', summary: 'List who is at a task, the first first', role: 'viewer', params: byId, answers: { status: 200, body: z.object({ items: z.array(Assignee) }) }, problems: [404] },
  completeTask: { method: 'patch', path: '/api/tasks/{id}/complete', tag: 'Tasks', summary: 'Mark a task as done', role: 'operator', params: byId, answers: { status: 200, body: Task }, problems: [404] },
  createContributor: { method: 'post', path: '/api/contributors', tag: 'Contributors', summary: 'Add a contributor', role: 'operator', body: NewContributor, answers: { status: 201, body: Contributor }, problems: [409, 413, 415] },
  listContributors: { method: 'get', path: '/api/contributors', tag: 'Contributors', summary: 'List contributors by name', role: 'viewer', query: ContributorListQuery, answers: { status: 200, body: page(Contributor) } },
  getContributor: { method: 'get', path: '/api/contributors/{id}', tag: 'Contributors', summary: 'Show a contributor', role: 'viewer', params: byId, answers: { status: 200, body: Contributor }, problems: [404] },
  updateContributor: { method: 'put', path: '/api/contributors/{id}', tag: 'Contributors', summary: 'Change fields of a contributor', role: 'operator', params: byId, body: ChangedContributor, answers: { status: 200, body: Contributor }, problems: [404, 409, 413, 415] },
  deleteContributor: { method: 'delete', path: '/api/contributors/{id}', tag: 'Contributors', summary: 'Delete a contributor who is at no task', role: 'operator', params: byId, answers: { status: 204 }, problems: [404, 409] },
  getWorkspace: { method: 'get', path: '/api/workspaces/{id}', tag: 'Workspaces', summary: 'Show a workspace, and what its provider says of it now', role: 'viewer', params: byId, answers: { status: 200, body: Workspace }, problems: [404] },
  reprovisionWorkspace: { method: 'post', path: '/api/workspaces/{id}/reprovision', tag: 'Workspaces', summary: 'Make a workspace that failed or is gone', role: 'operator', params: byId, answers: { status: 202, atOnce: 201, body: Workspace }, problems: [404, 409, 502, 503] },
  removeWorkspace: { method: 'delete', path: '/api/workspaces/{id}', tag: 'Workspaces', summary: 'Give up the workspace of a challenge or a task, and remove it outside if that is wanted and nobody has worked in it', role: 'operator', params: byId, query: WorkspaceRemoval, answers: { status: 202, atOnce: 200, body: RemovedWorkspace }, problems: [404, 409, 502, 503] },
  listProviders: { method: 'get', path: '/api/providers', tag: 'Workspaces', summary: 'List the providers of workspaces, and what each lacks', role: 'viewer', answers: { status: 200, body: z.object({ items: z.array(Provider) }) } },
  listAudit: { method: 'get', path: '/api/audit', tag: 'Audit', summary: 'List the calls to outside services, newest first', role: 'viewer', query: AuditQuery, answers: { status: 200, body: page(AuditEntry) } },
  listRuns: { method: 'get', path: '/api/runs', tag: 'Runs', summary: 'List runs, newest first', role: 'viewer', query: RunListQuery, answers: { status: 200, body: page(ListedRun) } },
  getRun: { method: 'get', path: '/api/runs/{id}', tag: 'Runs', summary: 'Show a run with its steps', role: 'viewer', params: byId, answers: { status: 200, body: ShownRun }, problems: [404] },
  cancelRun: { method: 'post', path: '/api/runs/{id}/cancel', tag: 'Runs', summary: 'Cancel a run that is not over, and take back what it made if that is wanted', role: 'operator', params: byId, body: CancelRun, answers: { status: 202, body: CancelledRun }, problems: [404, 409, 413, 415], idempotent: true },
  retryRun: { method: 'post', path: '/api/runs/{id}/retry', tag: 'Runs', summary: 'Take up a failed or cancelled run again: only what is missing is done', role: 'operator', params: byId, answers: { status: 202, body: Run }, problems: [404, 409] },
  streamRun: { method: 'get', path: '/api/runs/{id}/events', tag: 'Runs', summary: 'Follow a run: event `run` with the whole run at every change, `end` when it is over', role: 'viewer', params: byId, answers: { status: 200, body: Run, type: 'text/event-stream' }, problems: [404] },
  streamRuns: { method: 'get', path: '/api/events', tag: 'Runs', summary: 'Follow all runs: event `run` with the summary of each that changes', role: 'viewer', answers: { status: 200, body: RunSummary, type: 'text/event-stream' } },
  signIn: { method: 'post', path: '/api/session', tag: 'Access', summary: 'Sign in with a key or a one-time code; sets the session cookie', role: 'anyone', body: SignIn, answers: { status: 200, body: Session } },
  getSession: { method: 'get', path: '/api/session', tag: 'Access', summary: 'Show who is signed in', role: 'viewer', answers: { status: 200, body: Session } },
  signOut: { method: 'delete', path: '/api/session', tag: 'Access', summary: 'Sign out', role: 'anyone', answers: { status: 204 } },
  createSignInLink: { method: 'post', path: '/api/sessions/links', tag: 'Access', summary: 'Make a link that signs one browser in, once, within ten minutes', role: 'owner', answers: { status: 201, body: SignInLink } },
  createKey: { method: 'post', path: '/api/keys', tag: 'Access', summary: 'Make a key with a role of its own; it is shown this once', role: 'owner', body: NewApiKey, answers: { status: 201, body: CreatedApiKey } },
  listKeys: { method: 'get', path: '/api/keys', tag: 'Access', summary: 'List the keys beside the owner\'s', role: 'owner', answers: { status: 200, body: z.object({ items: z.array(ApiKey) }) } },
  revokeKey: { method: 'delete', path: '/api/keys/{id}', tag: 'Access', summary: 'Revoke a key', role: 'owner', params: byId, answers: { status: 204 }, problems: [404] },
  discordInstalled: { method: 'get', path: '/api/discord/installed', tag: 'Discord', summary: 'Where Discord sends a person back to after the bot was added to a server', role: 'anyone', query: z.object({ guild_id: z.string().max(20).optional(), state: z.uuid().optional(), error: z.string().max(100).optional() }), answers: { status: 302 } },
  getHealth: { method: 'get', path: '/health', tag: 'Operations', summary: 'Tell whether everything works, part by part', role: 'anyone', answers: { status: 200, body: Health }, problems: [503] },
  takeUp: { method: 'get', path: '/scheduled/take-up', tag: 'Operations', summary: 'Take up what lies about, where no watchdog lives: starts that were lost and runs that got what they waited for; for the scheduler of a platform', role: 'anyone', answers: { status: 204 }, problems: [401] },
  startScheduled: { method: 'get', path: '/scheduled/{workflow}', tag: 'Operations', summary: 'Start a scheduled workflow when it is due, once; for the scheduler of a platform, which shows CRON_SECRET', role: 'anyone', params: ScheduledWorkflow, answers: { status: 200, body: ScheduledStart }, problems: [401, 404] },
  getOpenApi: { method: 'get', path: '/api/openapi.json', tag: 'Operations', summary: 'This description', role: 'anyone', answers: { status: 200 } },
  getDocs: { method: 'get', path: '/api/docs', tag: 'Operations', summary: 'This description as a page', role: 'anyone', answers: { status: 200, type: 'text/html' } },
} as const satisfies Record<string, Operation>

export type OperationId = keyof typeof operations
