import type { z } from 'zod'
import type { LinkedRepo } from '../../shared/schemas/challenge.ts'
import type { Run } from '../../shared/schemas/run.ts'
import type { AssignedTask, Task } from '../../shared/schemas/task.ts'
import type { Provisioning, Workspace } from '../../shared/schemas/workspace.ts'
import type { Client } from './client.ts'
import { ensureChallenge, ensureContributor, ensureProject, ensureRepo, ensureTask } from './ensure.ts'
import { follow, isSettled } from './follow.ts'
import { groupRuns } from './group-runs.ts'
import type { Display } from './progress.ts'
import { demoChallenge, demoProject, demoRepo, demoTasks } from './project.ts'
import { ensureRepository, type GitHubAccess } from './repository.ts'

/** A branch of the demo's project, with its assignee. */
export interface ProvisionedBranch {
  kind: Workspace['kind']
  title: string
  assignee: string | null
  status: Workspace['status']
  ref: string
  url: string | null
  sha: string | null
  error: string | null
}

export interface ProvisionedProject { id: string, title: string, challengeId: string, branches: ProvisionedBranch[] }

interface RequestedBranch { kind: Workspace['kind'], title: string, assignee: string | null, provisioning: Provisioning }

type ShowRun = (title: string, run: Run) => void

/** Creates the project, links its challenge, assigns its tasks, and shows the progress of their branches. */
export async function provisionProject(
  client: Client,
  github: GitHubAccess,
  display: Display,
): Promise<ProvisionedProject> {
  const [project, fullName] = await Promise.all([
    ensureProject(client, demoProject),
    ensureRepository(github, demoRepo.name),
  ])
  const repo = await ensureRepo(client, project, demoRepo.title, fullName)
  const challenge = await ensureChallenge(client, project, demoChallenge.title)
  const tasks = await Promise.all(demoTasks.map(task => ensureTask(client, challenge, task)))

  const show = groupRuns(demoProject.title, display)
  const { provisioning } = await client.post<z.infer<typeof LinkedRepo>>(
    '/api/repos/challenge-repos',
    { challenge_id: challenge.uuid, repo_id: repo.uuid },
    `demo-link-${challenge.uuid}-${repo.uuid}`,
  )
  const linked: RequestedBranch = { kind: 'challenge', title: challenge.title, assignee: null, provisioning }
  const branches = await Promise.all([
    followBranch(client, linked, show),
    ...tasks.map(async (task, index) =>
      followBranch(client, await ensureAssigned(client, task, demoTasks[index]!.contributor), show)),
  ])
  return { id: project.uuid, title: project.title, challengeId: challenge.uuid, branches }
}

/** Assigns a task to a contributor, unless it has an assignee. */
async function ensureAssigned(
  client: Client,
  task: Task,
  person: { full_name: string, github_username: string },
): Promise<RequestedBranch> {
  const contributor = await ensureContributor(client, person)
  if (!task.assignees.length) {
    const key = `demo-assign-${task.uuid}-${contributor.uuid}`
    await client.post<AssignedTask>(`/api/tasks/${task.uuid}/assign`, { userId: contributor.uuid }, key)
  }
  const { title, assignees, workspaces } = await client.get<Task>(`/api/tasks/${task.uuid}`)
  return { kind: 'task', title, assignee: assignees[0]?.full_name ?? null, provisioning: workspaces[0]! }
}

/** Follows a workspace until its run settles. Reprovisions a workspace that failed in an earlier demo. */
async function followBranch(client: Client, branch: RequestedBranch, show: ShowRun): Promise<ProvisionedBranch> {
  const { kind, title, assignee, provisioning } = branch
  const path = `/api/workspaces/${provisioning.workspace_id}`
  const { run } = provisioning.status === 'failed'
    ? await client.post<Workspace>(`${path}/reprovision`, {}, `reprovision-${provisioning.run?.id}`)
    : provisioning
  if (run) await follow(client, run.id, state => show(title, state), isSettled)
  const { status, ref, url, meta, error } = await client.get<Workspace>(path)
  const sha = typeof meta.sha === 'string' ? meta.sha : null
  return { kind, title, assignee, status, ref, url, sha, error: error?.message ?? null }
}
