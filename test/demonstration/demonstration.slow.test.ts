import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildWithExtension } from '../../scripts/lib/build.ts'
import { own } from '../../scripts/lib/own.ts'
import { startAtelier, type Atelier } from '../support/atelier.ts'
import { outsideCalls, repos } from '../support/outside.ts'
import { seenMutations } from '../chaos/mutations.ts'
import { killAtEveryCall } from '../support/kill-at-every-call.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { createClient, workOf } from './client.ts'
import { LEASE_MS } from './entry.ts'

/**
 * A workflow that no file outside this folder knows, on the built server: everything that the engine offers
 * works for it without one line about it elsewhere.
 */
describe('a workflow that the product does not know', { timeout: 300_000 }, () => {
  const stack = useStack()
  const atelier = {} as Atelier
  let client: ReturnType<typeof createClient>
  let log = ''
  beforeAll(async () => {
    const script = await buildWithExtension('test/demonstration', () => {})
    log = join(await temporaryFolder(stack, 'demonstration'), 'work.log')
    const started = own(stack, () => startAtelier({ script, env: { DEMONSTRATION_LOG: log } }), server => server.close())
    Object.assign(atelier, await started)
    client = createClient(atelier)
  }, 600_000)

  const created = async (name: string) => (await repos(atelier)).get(name)
  const stepsOf = async (id: string) => Object.fromEntries((await client.run(id)).steps.map(step => [step.name, step]))

  it('takes an input, waits for a person, creates resources and has an output', async () => {
    const { id } = await client.start({ name: 'shown', seconds: 0 })
    const waiting = await client.reached(id, 'waiting')
    expect(waiting).toMatchObject({
      workflowTitle: 'Demonstrate the engine', input: { name: 'shown', seconds: 0 }, startedBy: { id: 'owner', name: 'Owner' },
      waits: [{ kind: 'approval', answer: { required: ['purpose'] } }], canRollback: true, maxAttempts: 3,
      subject: { title: expect.stringContaining('Demonstration') },
    })
    expect(waiting.steps[0]!.items[0]!.label).toBe('The demonstration')
    expect((await client.approve(id, { purpose: 'no' }))?.status, 'an answer that the schema refuses').toBe(422)
    expect((await client.approve(id))?.status).toBe(202)
    expect(await client.reached(id, 'completed')).toMatchObject({ output: { repository: 'shown', purpose: 'to show' }, waits: [] })
    expect((await created('shown'))?.private).toBe(true)
    const { body } = await atelier.api.call<{ items: unknown[] }>('GET', `/api/runs/${id}/resources`)
    expect(body.items)
      .toMatchObject([{ type: 'REPO', removable: true, label: 'The demonstration' }, { type: 'BRANCH_PROTECTION', removable: false }])
  })

  it('refuses an input that its schema does not have, and leaves nothing behind', async () => {
    const { status } = await atelier.api.call('POST', '/api/demonstrations', { body: { subjectId: randomUUID(), name: 'x', seconds: 0 } })
    expect(status).toBe(400)
    expect((await atelier.api.call<{ total: number }>('GET', '/api/runs?workflow=demonstration')).body.total).toBe(1)
  })

  it('keeps one owner of a step of 90 seconds under a lease of ten', async () => {
    const { id } = await client.start({ name: 'long', seconds: 90 })
    await client.reached(id, 'waiting')
    expect(90_000).toBeGreaterThan(3 * LEASE_MS)
    expect(await workOf(log, id)).toEqual(['begin', 'end'])
    expect((await stepsOf(id)).WORK_LONG).toMatchObject({ status: 'completed', attempts: 1 })
    await client.cancel(id)
  })

  it('gets a new owner within seconds when its owner dies in the middle of the long step', async () => {
    const { id } = await client.start({ name: 'taken-over', seconds: 5 })
    await until(async () => (await workOf(log, id)).length === 1)
    await atelier.server.kill()
    await atelier.server.start()
    const killed = performance.now()
    await client.reached(id, 'waiting')
    console.log(`continued ${Math.round(performance.now() - killed) / 1000} s after the restart, of which the step takes 5 s`)
    expect(await workOf(log, id)).toEqual(['begin', 'begin', 'end'])
    expect((await stepsOf(id)).WORK_LONG, 'a crash is no attempt').toMatchObject({ attempts: 1 })
    await client.cancel(id)
  })

  it('is replaced by a newer run of its subject, and only by the newest', async () => {
    const subjectId = randomUUID()
    const runs = []
    for (const name of ['first-of-three', 'second-of-three', 'third-of-three'])
      runs.push(await client.start({ name, seconds: 0 }, subjectId))
    const [first, second, third] = runs
    expect(await client.reached(first!.id, 'cancelled')).toMatchObject({ supersededBy: expect.any(String), canRetry: false })
    expect(await client.reached(second!.id, 'cancelled')).toMatchObject({ supersededBy: third!.id, canRetry: false })
    await client.reached(third!.id, 'waiting')
    await client.approve(third!.id)
    await client.reached(third!.id, 'completed')
  })

  it('is retried with only what is missing, and its chain shows both runs', async () => {
    const fault = await atelier.github.fault({
      operation: 'repos/update-branch-protection', subject: '/retried#/', when: 'before', action: 'status', status: 422, times: 9,
    })
    const { id } = await client.start({ name: 'retried', seconds: 0 })
    await client.reached(id, 'waiting')
    await client.approve(id)
    expect(await client.reached(id, 'failed')).toMatchObject({ canRetry: true, error: { code: expect.any(String) } })
    await atelier.github.removeFault(fault)
    const retry = await client.retry(id)
    await client.reached(retry.id, 'waiting')
    await client.approve(retry.id)
    const completed = await client.reached(retry.id, 'completed')
    expect(completed.chain.map(run => [run.id, run.retryOf])).toEqual([[id, null], [retry.id, id]])
    expect(await workOf(log, retry.id), 'the finished step is not repeated').toEqual([])
  })

  it('is cancelled and rolled back: only what its chain created is removed', async () => {
    const { id } = await client.start({ name: 'rolled-back', seconds: 0 })
    await client.reached(id, 'waiting')
    const { rolledBackBy } = await client.cancel(id, true)
    expect(await client.reached(rolledBackBy!.id, 'completed'))
      .toMatchObject({ workflow: 'rollback-demonstration', rollbackOf: id, rootRunId: id })
    expect(await created('rolled-back')).toBeUndefined()
    expect(await created('shown')).toBeDefined()
    expect((await client.run(id)).chain.map(run => run.workflow)).toEqual(['demonstration', 'rollback-demonstration'])
  })

  it('is done exactly once though the server is killed before and after every call', async () => {
    await atelier.github.clearCalls()
    const rehearsal = await client.start({ name: 'rehearsed', seconds: 0 })
    await client.reached(rehearsal.id, 'waiting')
    await client.approve(rehearsal.id)
    await client.reached(rehearsal.id, 'completed')
    const mutations = (await seenMutations(atelier))
      .map(mutation => ({ ...mutation, subject: mutation.subject.replaceAll('rehearsed', 'killed') }))
    expect(mutations.map(({ operation }) => operation)).toEqual(['repos/create-in-org', 'repos/update-branch-protection'])
    await atelier.github.clearCalls()
    let id = ''
    const kills = await killAtEveryCall(atelier, mutations, async () => {
      id = (await client.start({ name: 'killed', seconds: 0 })).id
    }, () => client.approve(id))
    expect(kills).toBe(4)
    const completed = await client.reached(id, 'completed', 'failed')
    expect(completed).toMatchObject({ status: 'completed', error: null })
    expect(completed.steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1])
    const effects = (await outsideCalls(atelier)).filter(({ mutation, effect }) => mutation && effect).map(({ operation }) => operation)
    expect(effects.filter(operation => operation === 'repos/create-in-org')).toHaveLength(1)
  })
})
