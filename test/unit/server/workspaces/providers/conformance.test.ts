import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createControl, type Control } from '../../../../../emulators/control-client.ts'
import { type EmulatorName, emulatorNames } from '../../../../../emulators/defaults.ts'
import { type Emulators, startEmulators } from '../../../../../emulators/index.ts'
import { fillIn } from '../../../../../scripts/lib/environment.ts'
import { ensure, type RunRef } from '../../../../../server/ledger/index.ts'
import type { ProviderError } from '../../../../../server/lib/errors.ts'
import {
  type ExistingWorkspace, findProvider, type Provisioned, providers, type ProvisionRequest,
} from '../../../../../server/workspaces/providers/index.ts'
import { temporaryFolder } from '../../../emulators/support/emulators.ts'
import { newRun, useDatabase } from '../../support/database.ts'
import { fixtures } from './fixtures/index.ts'

/** What every provider of workspaces has to do, tried on the emulator of its service and on the real ledger. */

useDatabase()
const folder = temporaryFolder()
let emulators: Emulators
const control = {} as Record<EmulatorName, Control>
const variables: Record<string, string> = {}

beforeAll(async () => {
  emulators = await startEmulators({ dataDir: folder.path })
  for (const name of emulatorNames) control[name] = createControl(emulators[name].url)
  Object.assign(variables, fillIn({}, emulators), { RETRY_BASE_MS: '50' })
})
beforeEach(async () => {
  Object.assign(process.env, variables)
  await Promise.all(emulatorNames.map(name => fetch(`${emulators[name].url}/__emulator/reset`, { method: 'POST' })))
})
afterAll(() => emulators.close())

it('covers every provider', () => {
  expect(new Set(fixtures.map(([, { provider }]) => provider.type))).toEqual(new Set(providers.map(({ type }) => type)))
})

let number = 0

describe.each(fixtures)('%s', (_, fixture) => {
  const { provider } = fixture
  const service = () => control[fixture.emulator]

  // Only what it says that it needs is set: so it can need nothing else.
  beforeEach(() => {
    const needed = provider.needs().map(({ variable }) => variable)
    for (const variable of Object.keys(variables))
      if (/_(TOKEN|ORG|ID)$/.test(variable) && !needed.includes(variable)) process.env[variable] = ''
  })

  /** A request for a workspace that no other test has. */
  async function newRequest(more: Partial<ProvisionRequest> = {}): Promise<ProvisionRequest> {
    await fixture.prepare?.(service())
    return {
      parentRef: fixture.parentRef,
      name: `challenge/007-a-title-${++number}`,
      title: 'A title',
      marker: `atelier:${randomUUID()}`,
      base: {},
      options: provider.options.parse(fixture.options ?? {}),
      createdAt: new Date(),
      ...more,
    }
  }

  /** Provisions it as a run does. */
  async function provision(request: ProvisionRequest, { runId, subjectId }: RunRef): Promise<Provisioned> {
    const base = await provider.findBase?.(request) ?? {}
    const identity = { subjectType: 'workspace', runId, subjectId, service: provider.creates.service, key: 'main' }
    return provider.provision({ ...request, base }, (resource, driver) => ensure({ ...identity, ...resource }, driver))
  }

  async function ready(request: ProvisionRequest, as?: RunRef): Promise<ExistingWorkspace> {
    const run = as ?? await newRun()
    if (fixture.person) {
      const waits = { code: 'AWAITS_PERSON', retryable: true, fix: expect.stringContaining(request.name) }
      await expect(provision(request, run)).rejects.toMatchObject(waits)
      await fixture.person(service(), request.name)
    }
    const { ref, meta } = await provision(request, run)
    return { ...request, ref, meta }
  }

  const count = (name: string) => fixture.count(service(), name)

  it('creates it once, and keeps a record of it', async () => {
    const request = await newRequest()
    const run = await newRun()
    const created = await ready(request, run)
    expect(created.ref).toBe(provider.refOf(request.parentRef, request.name))
    expect(created.meta).toMatchObject({ createdAt: expect.any(String) })
    expect(created.meta).not.toHaveProperty('alreadyExisted')
    await service().clearCalls()
    expect(await provision(request, run)).toMatchObject({ ref: created.ref, meta: created.meta })
    expect((await service().calls()).filter(({ mutation }) => mutation)).toEqual([])
    expect(await count(request.name)).toBe(1)
    expect(await provider.getStatus(created)).toMatchObject({ state: 'ready' })
  })

  it('finds again what exists, though the ledger has no record of it', async () => {
    const request = await newRequest()
    const first = await ready(request)
    const again = await provision(request, await newRun())
    expect(again).toMatchObject({ ref: first.ref, meta: { alreadyExisted: true } })
    expect(again.meta.sha).toBe(first.meta.sha)
    expect(await count(request.name)).toBe(1)
  })

  it.each(fixture.operations)('survives a lost answer to %s', async (operation) => {
    const request = await newRequest()
    const run = await newRun()
    await fixture.person?.(service(), request.name)
    await service().fault({ operation, when: 'after', action: 'drop' })
    await expect(provision(request, run)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
    const { meta } = await provision(request, run)
    if (!fixture.person) expect(meta).not.toHaveProperty('alreadyExisted')
    expect(await count(request.name)).toBe(1)
    const effects = (await service().calls()).filter(call => call.effect && call.mutation && call.operation === operation)
    expect(effects.length).toBeLessThanOrEqual(1)
    const workspace = { ...request, ref: provider.refOf(request.parentRef, request.name), meta }
    if (meta.sha) expect(await provider.getStatus(workspace)).toMatchObject({ state: 'ready', actualSha: meta.sha })
  })

  it.runIf(fixture.foreign)('leaves a workspace that belongs to somebody else', async () => {
    const request = await newRequest()
    await fixture.foreign!(service(), request.name)
    const before = await service().state()
    for (let n = 0; n < 2; n++)
      await expect(provision(request, await newRun())).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT', retryable: false })
    expect(await service().state()).toEqual(before)
  })

  it.runIf('adopt' in provider.options.parse({}))('adopts on purpose what belongs to somebody else, and does not remove it', async () => {
    const request = await newRequest({ options: { adopt: true } })
    const run = await newRun()
    // An interruption makes nobody the owner of what was created meanwhile.
    await service().fault({ operation: fixture.operations[0], when: 'before', action: 'drop' })
    await expect(provision(request, run)).rejects.toMatchObject({ retryable: true })
    await fixture.foreign!(service(), request.name)
    const { ref, meta } = await provision(request, run)
    expect(meta).toMatchObject({ alreadyExisted: true })
    await expect(provider.deprovision!({ ...request, ref, meta })).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' })
  })

  it('reports that a parent is not there', async () => {
    const request = await newRequest(fixture.nowhere)
    await expect(provision(request, await newRun())).rejects.toMatchObject({
      name: 'ParentResourceNotFoundError', message: expect.stringMatching(/nowhere|1/), retryable: false,
    })
  })

  it('reports that the credential is invalid, and that the service asks to wait, which is not the credential\'s fault', async () => {
    const request = await newRequest()
    const run = await newRun()
    await service().fault({ when: 'before', action: 'status', ...fixture.limited })
    const limited = await provision(request, run).catch((error: unknown) => error as ProviderError)
    expect(limited).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: 7_000 })
    await fixture.revoke(service())
    await expect(provision(request, run)).rejects.toMatchObject({
      name: 'ProviderAuthenticationError', fix: expect.stringMatching(/_TOKEN/), retryable: false,
    })
  })

  it('names each variable that is missing', () => {
    for (const { variable, where } of provider.needs()) {
      process.env[variable] = ''
      expect(() => findProvider(provider.repoTypes[0]!, provider.type)).toThrow(expect.objectContaining({
        name: 'MissingConfigurationError', message: expect.stringContaining(variable), fix: expect.stringContaining(where),
      }))
      process.env[variable] = variables[variable]
    }
  })

  it.runIf(provider.deprovision)('removes it, and reports then that it is missing', async () => {
    const workspace = await ready(await newRequest())
    const remove = await provider.deprovision!(workspace)
    await remove!()
    expect(await count(workspace.name)).toBe(0)
    expect(await provider.getStatus(workspace)).toMatchObject({ state: 'missing' })
    expect(await provider.deprovision!(workspace)).toBeNull()
    await remove!()
  })

  it.runIf(fixture.work)('notices that somebody worked in it, and does not remove it then', async () => {
    const workspace = await ready(await newRequest())
    const { name, meta } = workspace
    await fixture.work!(service(), name)
    if (meta.sha) expect(await provider.getStatus(workspace)).toMatchObject({ state: 'drifted', expectedSha: meta.sha })
    // Also when its creation was interrupted, so that nothing is known of it.
    for (const known of [meta, {}]) {
      const removal = provider.deprovision!({ ...workspace, meta: known })
      await expect(removal).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT', retryable: false })
    }
    expect(await count(name)).toBe(1)
  })
})
