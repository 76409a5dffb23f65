import { afterEach, describe, expect, it } from 'vitest'
import type { Problem } from '../../shared/schemas/problem.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { createApi } from '../support/api.ts'
import { follow } from '../support/events.ts'
import { link, newChallenge, onGitHub, projectWith, untilMade } from '../support/projects.ts'
import { GITHUB_ORG } from '../../emulators/defaults.ts'
import { until } from '../support/until.ts'
import { useAtelier } from '../support/use-atelier.ts'

const STREAMS_EACH = 20

const atelier = useAtelier({ env: { OBSERVED_STATE_SECONDS: '30' } })

describe('the event streams of one key', () => {
  const open: Awaited<ReturnType<typeof follow>>[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map(stream => stream.close()))
  })

  it('are twenty, also when they open at the same moment, and leave the others to others', async () => {
    const greedy = { server: atelier.server, apiKey: await atelier.api.createKey('Greedy', 'viewer') }
    const aborted = new AbortController()
    const answers = await Promise.all(Array.from({ length: 60 }, () => fetch(`${atelier.server.url}/api/events`, {
      headers: { 'x-api-key': greedy.apiKey }, signal: aborted.signal,
    })))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(60 - STREAMS_EACH)
    expect(refused[0]!.headers.get('retry-after')).toBe('30')
    expect(await refused[0]!.json() as Problem).toMatchObject({
      code: 'TOO_MANY_STREAMS', detail: 'You have 20 event streams open already.',
    })
    const other = await follow(atelier, '/api/events')
    open.push(other)
    expect(other.response.status).toBe(200)
    aborted.abort()
    await until(async () => {
      const again = await follow(greedy, '/api/events').catch(() => undefined)
      if (again?.response.status === 200) open.push(again)
      return again?.response.status === 200
    })
  })
})

describe('looks at a workspace', () => {
  it('of a viewer cost GitHub one look in half a minute, also at the same moment', async () => {
    const { made } = await madeWorkspace('looked-at')
    const viewer = createApi(atelier.server, await atelier.api.createKey('Curious', 'viewer'))
    const look = () => viewer.call<Workspace>('GET', `/api/workspaces/${made.workspace_id}`)
    const before = (await atelier.github.calls()).length
    for (let i = 0; i < 8; i++) {
      const answers = await Promise.all(Array.from({ length: 50 }, look))
      for (const { body: seen } of answers) expect(seen).toMatchObject({ observed: { state: 'ready' } })
    }
    expect((await atelier.github.calls()).length - before).toBeLessThanOrEqual(3)
  })

  it('see at once what a run of Atelier changed', async () => {
    const { repos: [repo], made } = await madeWorkspace('changed-again')
    const look = async () => (await atelier.api.call<Workspace>('GET', `/api/workspaces/${made.workspace_id}`)).body
    await onGitHub(atelier, 'DELETE', `/repos/${GITHUB_ORG}/${repo!.title}/git/${made.ref}`)
    expect(await look()).toMatchObject({ observed: { state: 'missing' } })
    await atelier.api.call('POST', `/api/workspaces/${made.workspace_id}/reprovision`)
    await until(async () => (await look()).observed?.state === 'ready')
  })

  it('show for a moment only that GitHub refused one', async () => {
    const { made } = await madeWorkspace('refused-once')
    const look = async () => (await atelier.api.call<Workspace>('GET', `/api/workspaces/${made.workspace_id}`)).body
    await atelier.github.fault({ operation: 'git/get-ref', when: 'before', action: 'status', status: 403 })
    await until(async () => (await look()).observedError?.code === 'PROVIDER_FORBIDDEN')
    await until(async () => (await look()).observed?.state === 'ready')
  })
})

async function madeWorkspace(name: string) {
  const { project, repos } = await projectWith(atelier, name)
  const challenge = await newChallenge(atelier, project, name)
  const { body } = await untilMade(() => link(atelier, challenge, repos[0]!))
  return { repos, made: body.provisioning }
}
