import type { Run } from '../../../shared/schemas/run.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { ChaosClient } from '../client.ts'
import { planFaults, type PlannedFault, type Target } from '../faults.ts'
import type { Driver, Order } from '../order.ts'
import { link, openChallenge, slugOf, taskSlugOf } from '../workspace/ask.ts'
import { compareBranch } from '../workspace/compare.ts'
import { taskOrder } from '../workspace/task-order.ts'

/**
 * How a client goes about it. `twice`: the same link on two servers at once, without a key.
 * `refused`: GitHub forbids the branch once, which is final; then a person presses Reprovision.
 * `task`: a task is given while its challenge is being linked.
 */
const MANNERS = ['plain', 'twice', 'refused', 'task'] as const
type Manner = Exclude<(typeof MANNERS)[number], 'task'>

/** Challenges that are linked to a repository, in every manner that clients have. */
export const provisionWorkspace: Driver = {
  weight: 6,
  order({ random, n, repository }) {
    const manner = random.pick(MANNERS)
    const share = random.chance(0.6) ? 0.25 : 0
    const faultsAt = (branch: string) => planFaults(random.of('faults'), targetsOf(repository, branch), { share })
    if (manner === 'task') return taskOrder({ name: `task-${n}`, n, repository }, faultsAt(`task/\\d+-${taskSlugOf(n)}`))
    const branch = `challenge/\\d+-${slugOf(n)}`
    const faults = [...manner === 'refused' ? [forbidden(repository, branch)] : [], ...faultsAt(branch)]
    return linkOrder({ name: `challenge-${n}`, n, manner, repository }, faults)
  },
}

/** The calls that speak of a workspace's own branch. */
const targetsOf = (repository: string, branch: string): Target[] => ['git/create-ref', 'git/get-ref'].map(operation =>
  ({ at: 'github', operation, subject: `/^${repository}#heads/${branch}$/`, item: 'MAKE_WORKSPACE main' }))

/** Makes the first call that would make the branch fail for good. */
const forbidden = (repository: string, branch: string): PlannedFault => ({
  ...targetsOf(repository, branch)[0]!, nth: 1, costly: true, bend: { when: 'before', action: 'status', status: 403 },
})

interface Asked { name: string, n: number, manner: Manner, repository: string }

function linkOrder(asked: Asked, faults: PlannedFault[]): Order {
  const { name, n, manner, repository } = asked
  const runs = new Map<string, Run>()
  let workspace: Workspace | undefined

  async function look(client: ChaosClient, id: string): Promise<true | undefined> {
    workspace = await client.get<Workspace>(`/api/workspaces/${id}`)
    const run = await client.get<Run>(`/api/runs/${workspace.run!.id}`)
    runs.set(run.id, run)
    if (workspace.status === 'ready') return true
    if (workspace.status !== 'failed') return undefined
    const isForeseen = manner === 'refused' && workspace.error?.code === 'PROVIDER_FORBIDDEN' && runs.size === 1
    if (!isForeseen) throw new Error(`It failed: ${JSON.stringify(workspace.error)}`)
    await client.call('POST', `/api/workspaces/${id}/reprovision`)
  }

  return {
    name,
    asked,
    faults,
    async carryOut({ client }) {
      const opened = await openChallenge(client, n, repository)
      const links = await Promise.all(manner === 'twice' ? [link(client, opened), link(client, opened)] : [link(client, opened, name)])
      const ids = new Set(links.map(({ provisioning }) => provisioning.workspace_id))
      if (ids.size > 1) throw new Error(`One link made ${ids.size} workspaces: ${[...ids].join(', ')}`)
      await client.until(() => look(client, [...ids][0]!))
    },
    state: () => workspace ? `${workspace.workspace_id} ${workspace.status}: ${JSON.stringify(workspace.run)}` : 'never acknowledged',
    runs: () => runs.size,
    attempts: () => new Map([...runs.values()].at(-1)?.steps.map(step => [`${step.name} main`, step.attempts] as const)),
    compare: (outside, client) => workspace
      ? client.get<Workspace>(`/api/workspaces/${workspace.workspace_id}`).then(now => compareBranch(outside, repository, slugOf(n), now))
      : Promise.resolve({ findings: [], accounted: [] }),
  }
}
