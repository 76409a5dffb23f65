import type { Run } from '../../../shared/schemas/run.ts'
import type { Task } from '../../../shared/schemas/task.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { ChaosClient } from '../client.ts'
import type { PlannedFault } from '../faults.ts'
import type { Comparison, Order } from '../order.ts'
import { assign, link, newContributor, newTask, openChallenge, slugOf, taskSlugOf } from './ask.ts'
import { compareBranch } from './compare.ts'

interface Asked { name: string, n: number, repository: string }

/** A task that is given while its challenge is being linked: its branch begins from the challenge's, so it waits for that one. */
export function taskOrder(asked: Asked, faults: PlannedFault[]): Order {
  const { name, n, repository } = asked
  let ids: string[] = []
  let run: Run | undefined

  async function isReady(client: ChaosClient, id: string): Promise<true | undefined> {
    const { status, error, run: latest } = await client.get<Workspace>(`/api/workspaces/${id}`)
    run = await client.get<Run>(`/api/runs/${latest!.id}`)
    if (status === 'failed') throw new Error(`It failed: ${JSON.stringify(error)}`)
    return status === 'ready' || undefined
  }

  return {
    name,
    asked,
    faults,
    async carryOut({ client }) {
      const opened = await openChallenge(client, n, repository)
      const [task, contributor] = await Promise.all([newTask(client, opened, n), newContributor(client, n)])
      const [{ provisioning }] = await Promise.all([link(client, opened, name), assign(client, task, contributor, `${name}-assigned`)])
      const [own] = await client.until(async () => {
        const { workspaces } = await client.get<Task>(`/api/tasks/${task.uuid}`)
        return workspaces.length ? workspaces : undefined
      })
      ids = [provisioning.workspace_id, own!.workspace_id]
      for (const id of ids) await client.until(() => isReady(client, id))
    },
    state: () => `${ids.join(', ')}: ${JSON.stringify(run)}`,
    runs: () => 2,
    attempts: () => new Map(run?.steps.map(step => [`${step.name} main`, step.attempts] as const)),
    async compare(outside, client): Promise<Comparison> {
      const [parent, own] = await Promise.all(ids.map(id => client.get<Workspace>(`/api/workspaces/${id}`)))
      if (!parent || !own) return { findings: [], accounted: [] }
      const all = [compareBranch(outside, repository, slugOf(n), parent), compareBranch(outside, repository, taskSlugOf(n), own)]
      const beganElsewhere = `refs/heads/${String(own.meta.baseBranch)}` !== parent.ref
      return {
        findings: [
          ...all.flatMap(({ findings }) => findings),
          ...beganElsewhere ? [{ kind: 'wrong' as const, what: `${own.ref} began from ${String(own.meta.baseBranch)} and not from ${parent.ref}` }] : [],
        ],
        accounted: all.flatMap(({ accounted }) => accounted),
      }
    },
  }
}
