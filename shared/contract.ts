import { z } from 'zod'
import { Action, ActionExportQuery, ActionQuery, type ActionSubject } from './schemas/action'
import { AuditEntry, AuditExportQuery, AuditQuery } from './schemas/audit'
import {
  Challenge, ChallengeLink, ChallengeListQuery, ChangedChallenge, LinkedRepo, NewChallenge, NewChallengeRepo,
} from './schemas/challenge'
import { ChangedContributor, Contributor, ContributorListQuery, NewContributor } from './schemas/contributor'
import { ChooseDiscordServer, Course, CourseListQuery, CourseStatusReport, CourseSummary, NewCourse } from './schemas/course'
import { Health, HealthSummary } from './schemas/health'
import { ChangedProject, ChangedRepo, NewProject, NewRepo, Project, ProjectListQuery, Repo, RepoListQuery } from './schemas/project'
import { page } from './schemas/page'
import { Resource } from './schemas/resource'
import {
  AnswerWait, CancelledRun, CancelRun, Run, RunDetails, RunListItem, RunListQuery, RunSummary, ScheduledStart, ScheduledWorkflow, Workflow,
} from './schemas/run'
import type { Role } from './schemas/session'
import { ApiKey, BrowserSession, ChangedApiKey, CreatedApiKey, NewApiKey, Session, SignIn, SignInLink } from './schemas/session'
import { Assignee, AssignedTask, AssignTask, ChangedTask, NewTask, Task, TaskListQuery } from './schemas/task'
import { Provider, RemovedWorkspace, Workspace, WorkspaceRemoval } from './schemas/workspace'

/**
 * Every operation of the HTTP API, once: the handlers check against it, and the OpenAPI
 * description and the types of the dashboard are derived from it.
 */
interface Described {
  /** As OpenAPI writes it, `/api/courses/{id}`. */
  path: string
  summary: string
  tag: string
  /** The least role that may call it; `anyone` needs no key. */
  role: Role | 'anyone'
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** Status and body of the answer on success; absent body: none. `atOnce`: the status when the work is done within two seconds. */
  answers: { status: number, atOnce?: number, body?: z.ZodType, type?: string }
  /** Statuses of the problems that it may answer beside 400, 401, 403, 408 and 429. */
  problems?: readonly number[]
  /** Whether it takes an `Idempotency-Key`. */
  idempotent?: true
  /**
   * What a bound key gets. `within`: what belongs to its courses and projects, as the handler hands the scope of the actor to its
   * queries. `alike`: the same as everybody, because nothing in the answer belongs to a course or project. Absent: 403.
   */
  bound?: 'within' | 'alike'
}

/** An operation that only reads. */
interface Read extends Described { method: 'get', subject?: undefined, subjectField?: undefined }

/** An operation that changes something: each request of it is an entry of the audit. */
interface Change extends Described {
  method: 'post' | 'put' | 'patch' | 'delete'
  /** What it changes. */
  subject: ActionSubject
  /** Where path, query, body or answer have the id of that; absent: `id` or `uuid`. */
  subjectField?: string
}

export type Operation = Read | Change

const byId = z.object({ id: z.uuid({ error: 'It must be a UUID.' }) })

export const operations = {
  createCourse: {
    method: 'post', path: '/api/courses', tag: 'Courses', role: 'operator', subject: 'course',
    summary: 'Create a course and start to provision it',
    body: NewCourse, answers: { status: 202, body: Course }, problems: [409, 413, 415], idempotent: true,
  },
  listCourses: {
    method: 'get', path: '/api/courses', tag: 'Courses', role: 'viewer', bound: 'within',
    summary: 'List courses, newest first',
    query: CourseListQuery, answers: { status: 200, body: page(CourseSummary) },
  },
  getCourse: {
    method: 'get', path: '/api/courses/{id}', tag: 'Courses', role: 'viewer', bound: 'within',
    summary: 'Show a course with its run',
    params: byId, answers: { status: 200, body: Course }, problems: [404],
  },
  getCourseStatus: {
    method: 'get', path: '/api/courses/{id}/status', tag: 'Courses', role: 'viewer', bound: 'within',
    summary: 'Show the steps of a course',
    params: byId, answers: { status: 200, body: CourseStatusReport }, problems: [404],
  },
  retryCourse: {
    method: 'post', path: '/api/courses/{id}/retry', tag: 'Courses', role: 'operator', bound: 'within', subject: 'course',
    summary: 'Retry a failed or cancelled course: creates only what is missing',
    params: byId, answers: { status: 202, body: Course }, problems: [404, 409],
  },
  chooseDiscordServer: {
    method: 'post', path: '/api/courses/{id}/discord-server', tag: 'Courses', role: 'operator', bound: 'within', subject: 'course',
    summary: 'Name the Discord server that a waiting course waits for',
    params: byId, body: ChooseDiscordServer, answers: { status: 202, body: Course },
    problems: [404, 409, 422, 502, 503],
  },
  listCourseResources: {
    method: 'get', path: '/api/courses/{id}/resources', tag: 'Courses', role: 'viewer', bound: 'within',
    summary: 'List the resources that were created for a course',
    params: byId, answers: { status: 200, body: z.object({ items: z.array(Resource) }) }, problems: [404],
  },
  createProject: {
    method: 'post', path: '/api/projects', tag: 'Projects', role: 'operator', subject: 'project',
    summary: 'Create a project',
    body: NewProject, answers: { status: 201, body: Project }, problems: [413, 415],
  },
  listProjects: {
    method: 'get', path: '/api/projects', tag: 'Projects', role: 'viewer', bound: 'within',
    summary: 'List projects, newest first',
    query: ProjectListQuery, answers: { status: 200, body: page(Project) },
  },
  getProject: {
    method: 'get', path: '/api/projects/{id}', tag: 'Projects', role: 'viewer', bound: 'within',
    summary: 'Show a project',
    params: byId, answers: { status: 200, body: Project }, problems: [404],
  },
  updateProject: {
    method: 'put', path: '/api/projects/{id}', tag: 'Projects', role: 'operator', bound: 'within', subject: 'project',
    summary: 'Change fields of a project',
    params: byId, body: ChangedProject, answers: { status: 200, body: Project }, problems: [404, 413, 415],
  },
  deleteProject: {
    method: 'delete', path: '/api/projects/{id}', tag: 'Projects', role: 'operator', bound: 'within', subject: 'project',
    summary: 'Delete a project that has neither repositories nor challenges',
    params: byId, answers: { status: 204 }, problems: [404, 409],
  },
  createRepo: {
    method: 'post', path: '/api/repos', tag: 'Projects', role: 'operator', subject: 'repo',
    summary: 'Add a repository to a project',
    body: NewRepo, answers: { status: 201, body: Repo }, problems: [404, 409, 413, 415, 422],
  },
  listRepos: {
    method: 'get', path: '/api/repos', tag: 'Projects', role: 'viewer', bound: 'within',
    summary: 'List repositories, newest first',
    query: RepoListQuery, answers: { status: 200, body: page(Repo) },
  },
  getRepo: {
    method: 'get', path: '/api/repos/{id}', tag: 'Projects', role: 'viewer', bound: 'within',
    summary: 'Show a repository',
    params: byId, answers: { status: 200, body: Repo }, problems: [404],
  },
  updateRepo: {
    method: 'put', path: '/api/repos/{id}', tag: 'Projects', role: 'operator', bound: 'within', subject: 'repo',
    summary: 'Change fields of a repository',
    params: byId, body: ChangedRepo, answers: { status: 200, body: Repo }, problems: [404, 409, 413, 415, 422],
  },
  deleteRepo: {
    method: 'delete', path: '/api/repos/{id}', tag: 'Projects', role: 'operator', bound: 'within', subject: 'repo',
    summary: 'Remove a repository without workspaces from its project; the repository itself stays',
    params: byId, answers: { status: 204 }, problems: [404, 409],
  },
  listRepoChallenges: {
    method: 'get', path: '/api/repos/{id}/challenges', tag: 'Projects', role: 'viewer', bound: 'within',
    summary: 'List the challenges that are linked to a repository',
    params: byId, answers: { status: 200, body: z.object({ items: z.array(Challenge) }) }, problems: [404],
  },
  createChallenge: {
    method: 'post', path: '/api/challenges', tag: 'Challenges', role: 'operator', bound: 'within', subject: 'challenge',
    summary: 'Create a challenge of a project',
    body: NewChallenge, answers: { status: 201, body: Challenge }, problems: [404, 409, 413, 415],
  },
  listChallenges: {
    method: 'get', path: '/api/challenges', tag: 'Challenges', role: 'viewer', bound: 'within',
    summary: 'List challenges, the highest number first',
    query: ChallengeListQuery, answers: { status: 200, body: page(Challenge) },
  },
  getChallenge: {
    method: 'get', path: '/api/challenges/{id}', tag: 'Challenges', role: 'viewer', bound: 'within',
    summary: 'Show a challenge',
    params: byId, answers: { status: 200, body: Challenge }, problems: [404],
  },
  updateChallenge: {
    method: 'put', path: '/api/challenges/{id}', tag: 'Challenges', role: 'operator', bound: 'within', subject: 'challenge',
    summary: 'Change fields of a challenge',
    params: byId, body: ChangedChallenge, answers: { status: 200, body: Challenge }, problems: [404, 413, 415],
  },
  deleteChallenge: {
    method: 'delete', path: '/api/challenges/{id}', tag: 'Challenges', role: 'operator', bound: 'within', subject: 'challenge',
    summary: 'Delete a challenge that has neither tasks nor links',
    params: byId, answers: { status: 204 }, problems: [404, 409],
  },
  listChallengeRepos: {
    method: 'get', path: '/api/challenges/{id}/repos', tag: 'Challenges', role: 'viewer', bound: 'within',
    summary: 'List the repositories that a challenge is linked to, with its workspaces',
    params: byId, answers: { status: 200, body: z.object({ items: z.array(ChallengeLink) }) }, problems: [404],
  },
  linkChallengeRepo: {
    method: 'post', path: '/api/repos/challenge-repos', tag: 'Challenges', role: 'operator', bound: 'within',
    subject: 'challenge', subjectField: 'challenge_id',
    summary: 'Link a challenge to a repository, and create its workspace there',
    body: NewChallengeRepo, answers: { status: 202, atOnce: 201, body: LinkedRepo },
    problems: [404, 409, 413, 415, 422, 502, 503], idempotent: true,
  },
  unlinkChallengeRepo: {
    method: 'delete', path: '/api/repos/challenge-repos', tag: 'Challenges', role: 'operator', bound: 'within',
    subject: 'challenge', subjectField: 'challenge_id',
    summary: 'Unlink a challenge from a repository; on request, also remove its workspace there if nobody has worked in it',
    query: WorkspaceRemoval.extend({ challenge_id: z.uuid(), repo_id: z.uuid() }),
    answers: { status: 202, atOnce: 200, body: RemovedWorkspace }, problems: [404, 409, 502, 503],
  },
  createTask: {
    method: 'post', path: '/api/tasks', tag: 'Tasks', role: 'operator', bound: 'within', subject: 'task',
    summary: 'Create a task of a challenge',
    body: NewTask, answers: { status: 201, body: Task }, problems: [404, 413, 415, 422],
  },
  listTasks: {
    method: 'get', path: '/api/tasks', tag: 'Tasks', role: 'viewer', bound: 'within',
    summary: 'List tasks, oldest first',
    query: TaskListQuery, answers: { status: 200, body: page(Task) },
  },
  getTask: {
    method: 'get', path: '/api/tasks/{id}', tag: 'Tasks', role: 'viewer', bound: 'within',
    summary: 'Show a task with its assignees and workspaces',
    params: byId, answers: { status: 200, body: Task }, problems: [404],
  },
  updateTask: {
    method: 'put', path: '/api/tasks/{id}', tag: 'Tasks', role: 'operator', bound: 'within', subject: 'task',
    summary: 'Change fields of a task',
    params: byId, body: ChangedTask, answers: { status: 200, body: Task }, problems: [404, 409, 413, 415, 422],
  },
  deleteTask: {
    method: 'delete', path: '/api/tasks/{id}', tag: 'Tasks', role: 'operator', bound: 'within', subject: 'task',
    summary: 'Delete a task that has neither workspaces nor subtasks',
    params: byId, answers: { status: 204 }, problems: [404, 409],
  },
  assignTask: {
    method: 'post', path: '/api/tasks/{id}/assign', tag: 'Tasks', role: 'operator', bound: 'within', subject: 'task',
    summary: 'Assign a task to a contributor; the first assignment creates its workspaces',
    params: byId, body: AssignTask, answers: { status: 202, atOnce: 201, body: AssignedTask },
    problems: [404, 409, 413, 415], idempotent: true,
  },
  unassignTask: {
    method: 'delete', path: '/api/tasks/{id}/assign', tag: 'Tasks', role: 'operator', bound: 'within', subject: 'task',
    summary: 'Unassign a contributor from a task; its workspaces stay',
    params: byId, query: AssignTask, answers: { status: 200, body: z.object({ success: z.literal(true) }) },
    problems: [404, 409],
  },
  listTaskAssignees: {
    method: 'get', path: '/api/tasks/{id}/assignees', tag: 'Tasks', role: 'viewer', bound: 'within',
    summary: 'List the assignees of a task, the first one first',
    params: byId, answers: { status: 200, body: z.object({ items: z.array(Assignee) }) }, problems: [404],
  },
  completeTask: {
    method: 'patch', path: '/api/tasks/{id}/complete', tag: 'Tasks', role: 'operator', bound: 'within', subject: 'task',
    summary: 'Mark a task as done',
    params: byId, answers: { status: 200, body: Task }, problems: [404],
  },
  createContributor: {
    method: 'post', path: '/api/contributors', tag: 'Contributors', role: 'operator', subject: 'contributor',
    summary: 'Add a contributor',
    body: NewContributor, answers: { status: 201, body: Contributor }, problems: [409, 413, 415],
  },
  listContributors: {
    method: 'get', path: '/api/contributors', tag: 'Contributors', role: 'viewer', bound: 'within',
    summary: 'List contributors by name',
    query: ContributorListQuery, answers: { status: 200, body: page(Contributor) },
  },
  getContributor: {
    method: 'get', path: '/api/contributors/{id}', tag: 'Contributors', role: 'viewer', bound: 'within',
    summary: 'Show a contributor',
    params: byId, answers: { status: 200, body: Contributor }, problems: [404],
  },
  updateContributor: {
    method: 'put', path: '/api/contributors/{id}', tag: 'Contributors', role: 'operator', subject: 'contributor',
    summary: 'Change fields of a contributor',
    params: byId, body: ChangedContributor, answers: { status: 200, body: Contributor },
    problems: [404, 409, 413, 415],
  },
  deleteContributor: {
    method: 'delete', path: '/api/contributors/{id}', tag: 'Contributors', role: 'operator', subject: 'contributor',
    summary: 'Delete a contributor who has no task',
    params: byId, answers: { status: 204 }, problems: [404, 409],
  },
  getWorkspace: {
    method: 'get', path: '/api/workspaces/{id}', tag: 'Workspaces', role: 'viewer', bound: 'within',
    summary: 'Show a workspace with the state that its provider reports now',
    params: byId, answers: { status: 200, body: Workspace }, problems: [404],
  },
  reprovisionWorkspace: {
    method: 'post', path: '/api/workspaces/{id}/reprovision', tag: 'Workspaces', role: 'operator', bound: 'within', subject: 'workspace',
    summary: 'Create a workspace again that failed or is gone',
    params: byId, answers: { status: 202, atOnce: 201, body: Workspace }, problems: [404, 409, 502, 503],
  },
  removeWorkspace: {
    method: 'delete', path: '/api/workspaces/{id}', tag: 'Workspaces', role: 'operator', bound: 'within', subject: 'workspace',
    summary: 'Forget the workspace of a challenge or a task; on request, also remove it outside if nobody has worked in it',
    params: byId, query: WorkspaceRemoval, answers: { status: 202, atOnce: 200, body: RemovedWorkspace },
    problems: [404, 409, 502, 503],
  },
  listProviders: {
    method: 'get', path: '/api/providers', tag: 'Workspaces', role: 'viewer', bound: 'alike',
    summary: 'List the providers of workspaces, and the variables that each needs',
    answers: { status: 200, body: z.object({ items: z.array(Provider) }) },
  },
  listAudit: {
    method: 'get', path: '/api/audit', tag: 'Audit', role: 'viewer', bound: 'within',
    summary: 'List the calls to outside services, newest first',
    query: AuditQuery, answers: { status: 200, body: page(AuditEntry) },
  },
  exportAudit: {
    method: 'get', path: '/api/audit/export', tag: 'Audit', role: 'owner',
    summary: 'Export the calls to outside services as CSV or JSON Lines, newest first',
    query: AuditExportQuery, answers: { status: 200, type: 'text/csv' },
  },
  listActions: {
    method: 'get', path: '/api/audit/actions', tag: 'Audit', role: 'owner',
    summary: 'List who changed what here, and who was refused, newest first',
    query: ActionQuery, answers: { status: 200, body: page(Action) },
  },
  exportActions: {
    method: 'get', path: '/api/audit/actions/export', tag: 'Audit', role: 'owner',
    summary: 'Export who changed what here as CSV or JSON Lines, newest first',
    query: ActionExportQuery, answers: { status: 200, type: 'text/csv' },
  },
  listRuns: {
    method: 'get', path: '/api/runs', tag: 'Runs', role: 'viewer', bound: 'within',
    summary: 'List runs, newest first',
    query: RunListQuery, answers: { status: 200, body: page(RunListItem) },
  },
  getRun: {
    method: 'get', path: '/api/runs/{id}', tag: 'Runs', role: 'viewer', bound: 'within',
    summary: 'Show a run with its steps',
    params: byId, answers: { status: 200, body: RunDetails }, problems: [404],
  },
  cancelRun: {
    method: 'post', path: '/api/runs/{id}/cancel', tag: 'Runs', role: 'operator', bound: 'within', subject: 'run',
    summary: 'Cancel an active run; on request, also roll back what it created',
    params: byId, body: CancelRun, answers: { status: 202, body: CancelledRun }, problems: [404, 409, 413, 415],
    idempotent: true,
  },
  retryRun: {
    method: 'post', path: '/api/runs/{id}/retry', tag: 'Runs', role: 'operator', bound: 'within', subject: 'run',
    summary: 'Retry a failed or cancelled run: creates only what is missing',
    params: byId, answers: { status: 202, body: Run }, problems: [404, 409],
  },
  listRunResources: {
    method: 'get', path: '/api/runs/{id}/resources', tag: 'Runs', role: 'viewer', bound: 'within',
    summary: 'List the resources that a run and its chain created',
    params: byId, answers: { status: 200, body: z.object({ items: z.array(Resource) }) }, problems: [404],
  },
  answerWait: {
    method: 'post', path: '/api/runs/{id}/waits/{waitId}', tag: 'Runs', role: 'operator', bound: 'within', subject: 'run',
    summary: 'Answer what a run waits for',
    params: byId.extend({ waitId: z.uuid() }), body: AnswerWait, answers: { status: 202, body: Run },
    problems: [404, 409, 413, 415, 422, 502, 503],
  },
  listWorkflows: {
    method: 'get', path: '/api/workflows', tag: 'Runs', role: 'viewer', bound: 'alike',
    summary: 'List the workflows',
    answers: { status: 200, body: z.object({ items: z.array(Workflow) }) },
  },
  streamRun: {
    method: 'get', path: '/api/runs/{id}/events', tag: 'Runs', role: 'viewer', bound: 'within',
    summary: 'Follow a run: event `run` with the whole run at every change, `end` when it has ended',
    params: byId, answers: { status: 200, body: Run, type: 'text/event-stream' }, problems: [404],
  },
  streamRuns: {
    method: 'get', path: '/api/events', tag: 'Runs', role: 'viewer', bound: 'within',
    summary: 'Follow all runs: event `run` with the summary of each that changes',
    answers: { status: 200, body: RunSummary, type: 'text/event-stream' },
  },
  signIn: {
    method: 'post', path: '/api/session', tag: 'Access', role: 'anyone', subject: 'session',
    summary: 'Sign in with a key or a one-time code; sets the session cookie',
    body: SignIn, answers: { status: 200, body: Session }, problems: [401, 403, 413, 415, 429],
  },
  getSession: {
    method: 'get', path: '/api/session', tag: 'Access', role: 'viewer', bound: 'alike',
    summary: 'Show who is signed in',
    answers: { status: 200, body: Session },
  },
  signOut: {
    method: 'delete', path: '/api/session', tag: 'Access', role: 'anyone', subject: 'session',
    summary: 'Sign out',
    answers: { status: 204 }, problems: [403],
  },
  listSessions: {
    method: 'get', path: '/api/sessions', tag: 'Access', role: 'viewer', bound: 'alike',
    summary: 'List the browsers that are signed in with the caller\'s key, the last used first',
    answers: { status: 200, body: z.object({ items: z.array(BrowserSession) }) },
  },
  endSession: {
    method: 'delete', path: '/api/sessions/{id}', tag: 'Access', role: 'viewer', bound: 'alike', subject: 'session',
    summary: 'Sign out a browser that is signed in with the caller\'s key',
    params: byId, answers: { status: 204 }, problems: [404],
  },
  createSignInLink: {
    method: 'post', path: '/api/sessions/links', tag: 'Access', role: 'owner', subject: 'session',
    summary: 'Create a link that signs one browser in, once, within ten minutes',
    answers: { status: 201, body: SignInLink },
  },
  createKey: {
    method: 'post', path: '/api/keys', tag: 'Access', role: 'owner', subject: 'key',
    summary: 'Create a key with a role of its own; only this answer shows it',
    body: NewApiKey, answers: { status: 201, body: CreatedApiKey }, problems: [413, 415, 422],
  },
  listKeys: {
    method: 'get', path: '/api/keys', tag: 'Access', role: 'owner',
    summary: 'List the keys beside the owner\'s',
    answers: { status: 200, body: z.object({ items: z.array(ApiKey) }) },
  },
  updateKey: {
    method: 'put', path: '/api/keys/{id}', tag: 'Access', role: 'owner', subject: 'key',
    summary: 'Change what a key is bound to; takes effect at once',
    params: byId, body: ChangedApiKey, answers: { status: 200, body: ApiKey }, problems: [404, 413, 415, 422],
  },
  revokeKey: {
    method: 'delete', path: '/api/keys/{id}', tag: 'Access', role: 'owner', subject: 'key',
    summary: 'Revoke a key',
    params: byId, answers: { status: 204 }, problems: [404],
  },
  discordInstalled: {
    method: 'get', path: '/api/discord/installed', tag: 'Discord', role: 'anyone',
    summary: 'Where Discord sends a person back to after the bot was added to a server',
    query: z.object({ guild_id: z.string().max(20).optional(), state: z.uuid().optional(), error: z.string().max(100).optional() }),
    answers: { status: 302 },
  },
  getHealth: {
    method: 'get', path: '/health', tag: 'Operations', role: 'anyone',
    summary: 'Report whether the server is up; with a key or a session, also the state of each part',
    answers: { status: 200, body: z.union([Health, HealthSummary]) }, problems: [503],
  },
  getMetrics: {
    method: 'get', path: '/metrics', tag: 'Operations', role: 'viewer',
    summary: 'Report figures about runs, steps, calls and this process, in the text format of Prometheus',
    answers: { status: 200, type: 'text/plain' },
  },
  reconcile: {
    method: 'get', path: '/scheduled/reconcile', tag: 'Operations', role: 'anyone',
    summary: 'Reconcile runs where no watchdog runs: repeat lost starts, resume answered waits; for the scheduler of a platform',
    answers: { status: 204 }, problems: [401],
  },
  startScheduled: {
    method: 'get', path: '/scheduled/{workflow}', tag: 'Operations', role: 'anyone',
    summary: 'Start a scheduled workflow when it is due, once; for the scheduler of a platform, which sends CRON_SECRET',
    params: ScheduledWorkflow, answers: { status: 200, body: ScheduledStart }, problems: [401, 404],
  },
  getOpenApi: {
    method: 'get', path: '/api/openapi.json', tag: 'Operations', role: 'anyone',
    summary: 'This description',
    answers: { status: 200 },
  },
  getDocs: {
    method: 'get', path: '/api/docs', tag: 'Operations', role: 'anyone',
    summary: 'This description as a page',
    answers: { status: 200, type: 'text/html' },
  },
} as const satisfies Record<string, Operation>

export type OperationId = keyof typeof operations
