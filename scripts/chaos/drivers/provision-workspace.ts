import type { Run } from '../../../shared/schemas/run.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { ChaosClient } from '../client.ts'
import { type FaultTarget, planProviderFaults, type ProviderFault } from '../faults/provider.ts'
import type { Driver, Scenario } from '../scenario.ts'
import { challengeSlug, createChallenge, link, readObserved, taskSlug } from '../workspace/requests.ts'
import { taskScenario } from '../workspace/task-scenario.ts'
import { verifyBranch } from '../workspace/verify.ts'

/**
 * How a client requests a workspace. `twice`: the same link on two servers concurrently, without a key. `refused`:
 * GitHub forbids the branch once, which fails the run; the client then reprovisions the workspace. `task`: the client
 * assigns a task while its challenge is being linked.
 */
const VARIANTS = ['plain', 'twice', 'refused', 'task'] as const
type Variant = Exclude<(typeof VARIANTS)[number], 'task'>

/** Links challenges to a repository, in all variants. */
export const provisionWorkspace: Driver = {
  weight: 6,
  createScenario({ random, n, repository }) {
    const variant = random.pick(VARIANTS)
    const share = random.chance(0.6) ? 0.25 : 0
    const planFaults = (branch: string) =>
      planProviderFaults(random.fork('faults'), branchTargets(repository, branch), { share })
    if (variant === 'task') return taskScenario({ name: `task-${n}`, n, repository }, planFaults(`task/\\d+-${taskSlug(n)}`))
    const branch = `challenge/\\d+-${challengeSlug(n)}`
    const faults = [...variant === 'refused' ? [forbidCreation(repository, branch)] : [], ...planFaults(branch)]
    return linkScenario({ name: `challenge-${n}`, n, variant, repository }, faults)
  },
}

/** The calls on the branch of a workspace. */
const branchTargets = (repository: string, branch: string): FaultTarget[] => ['git/create-ref', 'git/get-ref'].map(operation =>
  ({ at: 'github', operation, subject: `/^${repository}#heads/${branch}$/`, item: 'CREATE_WORKSPACE main' }))

/** Fails the first call that creates the branch, for good. */
const forbidCreation = (repository: string, branch: string): ProviderFault => ({
  ...branchTargets(repository, branch)[0]!,
  nth: 1,
  costsAttempt: true,
  effect: { when: 'before', action: 'status', status: 403 },
})

interface Parameters { name: string, n: number, variant: Variant, repository: string }

function linkScenario(parameters: Parameters, faults: ProviderFault[]): Scenario {
  const { name, n, variant, repository } = parameters
  const runs = new Map<string, Run>()
  let workspace: Workspace | undefined

  /** Reads the workspace, and reprovisions it after the expected failure. @returns true once it is ready */
  async function advance(client: ChaosClient, id: string): Promise<true | undefined> {
    workspace = await client.get<Workspace>(`/api/workspaces/${id}`)
    const run = await client.get<Run>(`/api/runs/${workspace.run!.id}`)
    runs.set(run.id, run)
    if (workspace.status === 'ready') return true
    if (workspace.status !== 'failed') return undefined
    const isExpected = variant === 'refused' && workspace.error?.code === 'PROVIDER_FORBIDDEN' && runs.size === 1
    if (!isExpected) throw new Error(`The workspace failed: ${JSON.stringify(workspace.error)}`)
    await client.call('POST', `/api/workspaces/${id}/reprovision`)
  }

  return {
    name,
    parameters,
    faults,
    async run({ client }) {
      const setup = await createChallenge(client, n, repository)
      const links = await Promise.all(variant === 'twice' ? [link(client, setup), link(client, setup)] : [link(client, setup, name)])
      const ids = new Set(links.map(({ provisioning }) => provisioning.workspace_id))
      if (ids.size > 1) throw new Error(`One link created ${ids.size} workspaces: ${[...ids].join(', ')}`)
      await client.poll(() => advance(client, [...ids][0]!))
    },
    describe: () => workspace
      ? `${workspace.workspace_id} ${workspace.status}: ${JSON.stringify(workspace.run)}`
      : 'never acknowledged',
    runCount: () => runs.size,
    attempts: () => new Map([...runs.values()].at(-1)?.steps.map(step => [`${step.name} main`, step.attempts] as const)),
    async verify(actual, client) {
      if (!workspace) return { findings: [], expectedIds: [] }
      const current = await readObserved(client, workspace.workspace_id)
      return verifyBranch(actual, repository, challengeSlug(n), current)
    },
  }
}
