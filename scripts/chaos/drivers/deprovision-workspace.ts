import type { Problem } from '../../../shared/schemas/problem.ts'
import type { Run, RunSummary } from '../../../shared/schemas/run.ts'
import type { Workspace } from '../../../shared/schemas/workspace.ts'
import type { Answer, ChaosClient } from '../client.ts'
import { type FaultTarget, planProviderFaults, type ProviderFault } from '../faults/provider.ts'
import { branchId, type Driver, type Finding, type Scenario, type Verification } from '../scenario.ts'
import { type ChallengeSetup, challengeSlug, createChallenge, link, refusal } from '../workspace/requests.ts'
import { branchesOf } from '../workspace/verify.ts'

/**
 * How a client removes a link. `removed`: with its branch. `twice`: with its branch, on two servers concurrently.
 * `kept`: without its branch. `worked`: after a commit of another user to the branch, so Atelier refuses.
 */
const VARIANTS = ['removed', 'twice', 'kept', 'worked'] as const
type Variant = (typeof VARIANTS)[number]

/** Links challenges to a repository and unlinks them. */
export const deprovisionWorkspace: Driver = {
  weight: 3,
  createScenario({ random, n, repository }) {
    const variant = random.pick(VARIANTS)
    const target: FaultTarget = {
      at: 'github',
      operation: 'git/delete-ref',
      subject: `/^${repository}#heads/challenge/\\d+-${challengeSlug(n)}$/`,
      item: 'REMOVE_WORKSPACE main',
    }
    const faults = planProviderFaults(random.fork('faults'), [target], { share: random.chance(0.6) ? 0.4 : 0 })
    return unlinkScenario({ name: `unlinked-${n}`, n, variant, repository }, faults)
  },
}

interface Parameters { name: string, n: number, variant: Variant, repository: string }

function unlinkScenario(parameters: Parameters, faults: ProviderFault[]): Scenario {
  const { name, n, variant, repository } = parameters
  let workspace: Workspace | undefined
  let removal: Run | undefined

  /** Requests the removal. @returns true when the link is gone, or refused as expected */
  async function unlink(client: ChaosClient, { challenge, repo }: ChallengeSetup): Promise<true | undefined> {
    const query = `challenge_id=${challenge.uuid}&repo_id=${repo.uuid}&deprovision=${variant !== 'kept'}`
    const request = () => client.call<Problem>('DELETE', `/api/repos/challenge-repos?${query}`)
    const answers = await Promise.all(variant === 'twice' ? [request(), request()] : [request()])
    const [{ status, body }] = answers as [Answer<Problem>]
    if (status === 404) return true
    if (variant === 'worked' && status === 409 && body.code === 'RESOURCE_CONFLICT') return true
    // Another run is active: that of the other request, or of this one, whose response was lost.
    if (status > 202 && body.code !== 'RUN_ACTIVE') throw refusal(status, body)
  }

  async function readRemoval(client: ChaosClient): Promise<void> {
    const query = `workflow=deprovision-workspace&subjectId=${workspace!.workspace_id}`
    const { items: [run] } = await client.get<{ items: RunSummary[] }>(`/api/runs?${query}`)
    removal = run && await client.get<Run>(`/api/runs/${run.id}`)
  }

  function verifyBranches(branches: { branch: string }[]): Finding[] {
    const expected = variant === 'kept' || variant === 'worked' ? 1 : 0
    return [
      ...branches.length < expected ? [{ kind: 'lost' as const, what: workspace!.ref }] : [],
      ...branches.slice(expected).map(({ branch }) => ({ kind: 'doubled' as const, what: `branch ${branch} exists after its removal` })),
    ]
  }

  function verifyLink({ status, body }: Answer<Workspace>): Finding[] {
    const isExpected = status === (variant === 'worked' ? 200 : 404)
    const hasNoDrift = variant === 'worked' && body.observed?.state !== 'drifted'
    return [
      ...isExpected ? [] : [{ kind: 'wrong' as const, what: `its link answers ${status}` }],
      ...hasNoDrift
        ? [{ kind: 'wrong' as const, what: `it has new commits, and Atelier has ${JSON.stringify(body.observed)}` }]
        : [],
    ]
  }

  return {
    name,
    parameters,
    faults,
    async run({ client, externalUser }) {
      const setup = await createChallenge(client, n, repository)
      const { provisioning: { workspace_id: id } } = await link(client, setup, name)
      await client.poll(async () => {
        workspace = await client.get<Workspace>(`/api/workspaces/${id}`)
        if (workspace.status === 'failed') throw new Error(`The workspace failed: ${JSON.stringify(workspace.error)}`)
        return workspace.status === 'ready' || undefined
      })
      if (variant === 'worked') await externalUser.push(repository, workspace!.ref.replace('refs/heads/', ''))
      await client.poll(() => unlink(client, setup))
      await readRemoval(client)
    },
    describe: () => workspace
      ? `${workspace.workspace_id} ${workspace.status}: ${JSON.stringify(workspace.run)}`
      : 'never acknowledged',
    runCount: () => removal ? 2 : 1,
    attempts: () => new Map(removal?.steps.map(step => [`${step.name} main`, step.attempts] as const)),
    async verify(actual, client): Promise<Verification> {
      if (!workspace) return { findings: [], expectedIds: [] }
      const branches = branchesOf(actual, repository, challengeSlug(n))
      const answer = await client.call<Workspace>('GET', `/api/workspaces/${workspace.workspace_id}`)
      return {
        findings: [...verifyBranches(branches), ...verifyLink(answer)],
        expectedIds: branches.map(({ branch }) => branchId(repository, branch)),
      }
    },
  }
}
