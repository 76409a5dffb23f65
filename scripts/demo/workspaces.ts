import type { z } from 'zod'
import type { LinkedRepo } from '../../shared/schemas/challenge.ts'
import type { Run } from '../../shared/schemas/run.ts'
import type { AssignedTask, Task } from '../../shared/schemas/task.ts'
import type { Provisioning, Workspace } from '../../shared/schemas/workspace.ts'
import type { Client } from './client.ts'
import { follow, isSettled } from './follow.ts'
import type { Display } from './progress.ts'
import { together } from './together.ts'
import { demoChallenge, demoProject, demoRepo, demoTasks } from './project.ts'
import { ensureRepository, type GitHubAccess } from './repository.ts'
import { ensureChallenge, ensureContributor, ensureProject, ensureRepo, ensureTask } from './set-up.ts'

/** A branch of the demo's project, with whom it is for. */
export interface MadeBranch {
  kind: Workspace['kind']
  title: string
  assignee: string | null
  status: Workspace['status']
  ref: string
  url: string | null
  sha: string | null
  error: string | null
}

export interface ProvisionedProject { id: string, title: string, challengeId: string, branches: MadeBranch[] }

interface Wanted { kind: Workspace['kind'], title: string, assignee: string | null, provisioning: Provisioning }

/** Sets the project up, links its challenge, assigns its tasks, and shows how their branches are made. */
export async function provisionProject(client: Client, github: GitHubAccess, display: Display): Promise<ProvisionedProject> {
  const [project, fullName] = await Promise.all([ensureProject(client, demoProject), ensureRepository(github, demoRepo.name)])
  const repo = await ensureRepo(client, project, demoRepo.title, fullName)
  const challenge = await ensureChallenge(client, project, demoChallenge.title)
  const tasks = await Promise.all(demoTasks.map(task => ensureTask(client, challenge, task)))

  const link = client.post<z.infer<typeof LinkedRepo>>('/api/repos/challenge-repos', { challenge_id: challenge.uuid, repo_id: repo.uuid }, `demo-link-${challenge.uuid}-${repo.uuid}`)
  const show = together(demoProject.title, display)
  const linked: Wanted = { kind: 'challenge', title: challenge.title, assignee: null, provisioning: (await link).provisioning }
  const branches = await Promise.all([
    make(client, linked, show),
    ...tasks.map(async (task, index) => make(client, await assign(client, task, demoTasks[index]!.contributor), show)),
  ])
  return { id: project.uuid, title: project.title, challengeId: challenge.uuid, branches }
}

/** Gives a task that nobody is at to a contributor. */
async function assign(client: Client, task: Task, person: { full_name: string, github_username: string }): Promise<Wanted> {
  const contributor = await ensureContributor(client, person)
  if (!task.assignees.length) {
    await client.post<AssignedTask>(`/api/tasks/${task.uuid}/assign`, { userId: contributor.uuid }, `demo-assign-${task.uuid}-${contributor.uuid}`)
  }
  const { title, assignees, workspaces } = await client.get<Task>(`/api/tasks/${task.uuid}`)
  return { kind: 'task', title, assignee: assignees[0]?.full_name ?? null, provisioning: workspaces[0]! }
}

/** Follows a workspace until it is made, or is not; one that an earlier demo could not make is made anew. */
async function make(client: Client, { kind, title, assignee, provisioning: found }: Wanted, show: (title: string, run: Run) => void): Promise<MadeBranch> {
  const path = `/api/workspaces/${found.workspace_id}`
  const run = found.status === 'failed' ? (await client.post<Workspace>(`${path}/reprovision`, {}, `reprovision-${found.run?.id}`)).run : found.run
  if (run) await follow(client, run.id, state => show(title, state), isSettled)
  const { status, ref, url, meta, error } = await client.get<Workspace>(path)
  return { kind, title, assignee, status, ref, url, sha: typeof meta.sha === 'string' ? meta.sha : null, error: error?.message ?? null }
}
