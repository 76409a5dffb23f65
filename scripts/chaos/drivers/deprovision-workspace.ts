import type { Run, RunSummary } from '../../../shared/schemas/run.ts'
import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { ChaosClient } from '../client.ts'
import { planFaults, type PlannedFault, type Target } from '../faults.ts'
import { branchId, type Comparison, type Driver, type Finding, type Order } from '../order.ts'
import { link, type Opened, openChallenge, refused, slugOf } from '../workspace/ask.ts'
import { branchesOf } from '../workspace/compare.ts'

/**
 * What becomes of a link that was made. `removed`: unlinked with its branch; `twice`: so, on two
 * servers at once; `kept`: unlinked without it; `worked`: somebody has committed to the branch,
 * and so it is refused.
 */
const MANNERS = ['removed', 'twice', 'kept', 'worked'] as const
type Manner = (typeof MANNERS)[number]

/** Challenges that are linked and unlinked again. */
export const deprovisionWorkspace: Driver = {
  weight: 3,
  order({ random, n, repository }) {
    const manner = random.pick(MANNERS)
    const target: Target = { at: 'github', operation: 'git/delete-ref', subject: `/^${repository}#heads/challenge/\\d+-${slugOf(n)}$/`, item: 'REMOVE_WORKSPACE main' }
    const faults = planFaults(random.of('faults'), [target], { share: random.chance(0.6) ? 0.4 : 0 })
    return unlinkOrder({ name: `unlinked-${n}`, n, manner, repository }, faults)
  },
}

interface Asked { name: string, n: number, manner: Manner, repository: string }

function unlinkOrder(asked: Asked, faults: PlannedFault[]): Order {
  const { name, n, manner, repository } = asked
  let workspace: Workspace | undefined
  let removal: Run | undefined

  /** Asks until the link is gone, or is refused. */
  async function unlink(client: ChaosClient, { challenge, repo }: Opened): Promise<true | undefined> {
    const ask = () => client.call<Problem>('DELETE', `/api/repos/challenge-repos?challenge_id=${challenge.uuid}&repo_id=${repo.uuid}&deprovision=${manner !== 'kept'}`)
    const [{ status, body }] = await Promise.all(manner === 'twice' ? [ask(), ask()] : [ask()]) as [Awaited<ReturnType<typeof ask>>]
    if (status === 404) return true
    if (manner === 'worked' && status === 409 && body.code === 'RESOURCE_CONFLICT') return true
    // One run at a time: this one's, whose answer was lost, or the other one's.
    if (status > 202 && body.code !== 'RUN_ACTIVE') throw refused(status, body)
  }

  async function lookAtRemoval(client: ChaosClient): Promise<void> {
    const { items: [run] } = await client.get<{ items: RunSummary[] }>(`/api/runs?workflow=deprovision-workspace&subjectId=${workspace!.workspace_id}`)
    removal = run && await client.get<Run>(`/api/runs/${run.id}`)
  }

  return {
    name,
    asked,
    faults,
    async carryOut({ client, stranger }) {
      const opened = await openChallenge(client, n, repository)
      const { provisioning: { workspace_id: id } } = await link(client, opened, name)
      await client.until(async () => {
        workspace = await client.get<Workspace>(`/api/workspaces/${id}`)
        if (workspace.status === 'failed') throw new Error(`It failed: ${JSON.stringify(workspace.error)}`)
        return workspace.status === 'ready' || undefined
      })
      if (manner === 'worked') await stranger.push(repository, workspace!.ref.replace('refs/heads/', ''))
      await client.until(() => unlink(client, opened))
      await lookAtRemoval(client)
    },
    state: () => workspace ? `${workspace.workspace_id} ${workspace.status}: ${JSON.stringify(workspace.run)}` : 'never acknowledged',
    runs: () => removal ? 2 : 1,
    attempts: () => new Map(removal?.steps.map(step => [`${step.name} main`, step.attempts] as const)),
    async compare(outside, client): Promise<Comparison> {
      if (!workspace) return { findings: [], accounted: [] }
      const there = branchesOf(outside, repository, slugOf(n))
      const { status, body: known } = await client.call<Workspace>('GET', `/api/workspaces/${workspace.workspace_id}`)
      const wanted = manner === 'kept' || manner === 'worked' ? 1 : 0
      const findings: Finding[] = [
        ...there.length < wanted ? [{ kind: 'lost' as const, what: workspace.ref }] : [],
        ...there.slice(wanted).map(({ branch }) => ({ kind: 'doubled' as const, what: `branch ${branch} is there though it was removed` })),
        ...status === (manner === 'worked' ? 200 : 404) ? [] : [{ kind: 'wrong' as const, what: `its link answers ${status}` }],
        ...manner === 'worked' && known.real?.state !== 'drifted' ? [{ kind: 'wrong' as const, what: `it was worked in, and Atelier knows ${JSON.stringify(known.real)}` }] : [],
      ]
      return { findings, accounted: there.map(({ branch }) => branchId(repository, branch)) }
    },
  }
}
