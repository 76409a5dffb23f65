import type { Run } from '../../../shared/schemas/run.ts'
import type { Task } from '../../../shared/schemas/task.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { ChaosClient } from '../client.ts'
import type { ProviderFault } from '../faults/provider.ts'
import type { Scenario, Verification } from '../scenario.ts'
import { assign, challengeSlug, createChallenge, createContributor, createTask, link, readObserved, taskSlug } from './requests.ts'
import { verifyBranch } from './verify.ts'

interface Parameters { name: string, n: number, repository: string }

/** Assigns a task while its challenge is being linked. The task's branch starts from the challenge's, so it waits. */
export function taskScenario(parameters: Parameters, faults: ProviderFault[]): Scenario {
  const { name, n, repository } = parameters
  let ids: string[] = []
  let run: Run | undefined

  async function isReady(client: ChaosClient, id: string): Promise<true | undefined> {
    const { status, error, run: latest } = await client.get<Workspace>(`/api/workspaces/${id}`)
    run = await client.get<Run>(`/api/runs/${latest!.id}`)
    if (status === 'failed') throw new Error(`The workspace failed: ${JSON.stringify(error)}`)
    return status === 'ready' || undefined
  }

  return {
    name,
    parameters,
    faults,
    async run({ client }) {
      const setup = await createChallenge(client, n, repository)
      const [task, contributor] = await Promise.all([createTask(client, setup, n), createContributor(client, n)])
      const assignment = assign(client, task, contributor, `${name}-assigned`)
      const [{ provisioning }] = await Promise.all([link(client, setup, name), assignment])
      const [own] = await client.poll(async () => {
        const { workspaces } = await client.get<Task>(`/api/tasks/${task.uuid}`)
        return workspaces.length ? workspaces : undefined
      })
      ids = [provisioning.workspace_id, own!.workspace_id]
      for (const id of ids) await client.poll(() => isReady(client, id))
    },
    describe: () => `${ids.join(', ')}: ${JSON.stringify(run)}`,
    runCount: () => 2,
    attempts: () => new Map(run?.steps.map(step => [`${step.name} main`, step.attempts] as const)),
    async verify(actual, client): Promise<Verification> {
      const [parent, own] = await Promise.all(ids.map(id => readObserved(client, id)))
      if (!parent || !own) return { findings: [], expectedIds: [] }
      const branches = [
        verifyBranch(actual, repository, challengeSlug(n), parent),
        verifyBranch(actual, repository, taskSlug(n), own),
      ]
      const base = String(own.meta.baseBranch)
      const hasWrongBase = `refs/heads/${base}` !== parent.ref
      return {
        findings: [
          ...branches.flatMap(({ findings }) => findings),
          ...hasWrongBase ? [{ kind: 'wrong' as const, what: `${own.ref} started from ${base} instead of ${parent.ref}` }] : [],
        ],
        expectedIds: branches.flatMap(({ expectedIds }) => expectedIds),
      }
    },
  }
}
