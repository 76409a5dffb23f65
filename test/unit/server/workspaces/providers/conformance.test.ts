import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createControl, type Control } from '../../../../../emulators/control-client.ts'
import { type EmulatorName, emulatorNames } from '../../../../../emulators/defaults.ts'
import { type Emulators, startEmulators } from '../../../../../emulators/index.ts'
import { fillIn } from '../../../../../scripts/lib/environment.ts'
import { ensure } from '../../../../../server/ledger/ensure.ts'
import type { ProviderError } from '../../../../../server/lib/errors.ts'
import { findProvider, type ExistingWorkspace, type Provisioned, providers, type ProvisionRequest } from '../../../../../server/workspaces/providers/index.ts'
import { temporaryFolder } from '../../../emulators/support/emulators.ts'
import { newRun, useDatabase } from '../../support/database.ts'
import { subjects } from './subjects/index.ts'

/** What every provider of workspaces has to do, held against the emulator of its service and on the real ledger. */

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

it('is run over every provider', () => {
  expect(new Set(subjects.map(([, { provider }]) => provider.type))).toEqual(new Set(providers.map(({ type }) => type)))
})

let number = 0

describe.each(subjects)('%s', (_, subject) => {
  const { provider } = subject
  const service = () => control[subject.emulator]

  // Only what it says that it needs is set: then nothing else can be needed.
  beforeEach(() => {
    const needed = provider.needs().map(({ variable }) => variable)
    for (const variable of Object.keys(variables)) if (/_(TOKEN|ORG|ID)$/.test(variable) && !needed.includes(variable)) process.env[variable] = ''
  })

  /** A wish of a workspace that nobody else has. */
  async function wish(more: Partial<ProvisionRequest> = {}): Promise<ProvisionRequest> {
    await subject.prepare?.(service())
    const name = `challenge/007-a-title-${++number}`
    return { parentRef: subject.parentRef, name, title: 'A title', marker: `atelier:${randomUUID()}`, base: {}, options: provider.options.parse(subject.options ?? {}), createdAt: new Date(), ...more }
  }

  /** Provides it as a run does; `as` is whose thing it is to the ledger. */
  async function provision(request: ProvisionRequest, as: { runId: string, subjectId: string }): Promise<Provisioned> {
    const base = await provider.findBase?.(request) ?? {}
    return provider.provision({ ...request, base }, (thing, maker) => ensure({ subjectType: 'workspace', ...as, service: provider.creates.service, key: 'main', ...thing }, maker))
  }

  async function ready(request: ProvisionRequest, as?: { runId: string, subjectId: string }): Promise<ExistingWorkspace> {
    const whose = as ?? await newRun()
    if (subject.person) {
      await expect(provision(request, whose)).rejects.toMatchObject({ code: 'AWAITS_PERSON', retryable: true, fix: expect.stringContaining(request.name) })
      await subject.person(service(), request.name)
    }
    const { ref, meta } = await provision(request, whose)
    return { ...request, ref, meta }
  }

  const count = (name: string) => subject.count(service(), name)

  it('makes it once, and remembers it', async () => {
    const request = await wish()
    const whose = await newRun()
    const made = await ready(request, whose)
    expect(made.ref).toBe(provider.refOf(request.parentRef, request.name))
    expect(made.meta).toMatchObject({ createdAt: expect.any(String) })
    expect(made.meta).not.toHaveProperty('alreadyExisted')
    await service().clearCalls()
    expect(await provision(request, whose)).toMatchObject({ ref: made.ref, meta: made.meta })
    expect((await service().calls()).filter(({ mutation }) => mutation)).toEqual([])
    expect(await count(request.name)).toBe(1)
    expect(await provider.getStatus(made)).toMatchObject({ state: 'ready' })
  })

  it('finds again what was there, though the ledger has forgotten it', async () => {
    const request = await wish()
    const first = await ready(request)
    const again = await provision(request, await newRun())
    expect(again).toMatchObject({ ref: first.ref, meta: { alreadyExisted: true } })
    expect(again.meta.sha).toBe(first.meta.sha)
    expect(await count(request.name)).toBe(1)
  })

  it.each(subject.operations)('survives a lost answer to %s', async (operation) => {
    const request = await wish()
    const whose = await newRun()
    await subject.person?.(service(), request.name)
    await service().fault({ operation, when: 'after', action: 'drop' })
    await expect(provision(request, whose)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
    const { meta } = await provision(request, whose)
    if (!subject.person) expect(meta).not.toHaveProperty('alreadyExisted')
    expect(await count(request.name)).toBe(1)
    expect((await service().calls()).filter(call => call.effect && call.mutation && call.operation === operation).length).toBeLessThanOrEqual(1)
    if (meta.sha) expect(await provider.getStatus({ ...request, ref: provider.refOf(request.parentRef, request.name), meta })).toMatchObject({ state: 'ready', actualSha: meta.sha })
  })

  it.runIf(subject.stranger)('leaves what is somebody else\'s', async () => {
    const request = await wish()
    await subject.stranger!(service(), request.name)
    const before = await service().state()
    for (let n = 0; n < 2; n++) await expect(provision(request, await newRun())).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT', retryable: false })
    expect(await service().state()).toEqual(before)
  })

  it.runIf('adopt' in provider.options.parse({}))('takes over on purpose what is somebody else\'s, and does not remove it', async () => {
    const request = await wish({ options: { adopt: true } })
    const whose = await newRun()
    // An interruption makes nobody the owner of what came meanwhile.
    await service().fault({ operation: subject.operations[0], when: 'before', action: 'drop' })
    await expect(provision(request, whose)).rejects.toMatchObject({ retryable: true })
    await subject.stranger!(service(), request.name)
    const { ref, meta } = await provision(request, whose)
    expect(meta).toMatchObject({ alreadyExisted: true })
    await expect(provider.deprovision!({ ...request, ref, meta })).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' })
  })

  it('tells that a parent is not there', async () => {
    const request = await wish(subject.nowhere)
    await expect(provision(request, await newRun())).rejects.toMatchObject({ name: 'ParentResourceNotFoundError', message: expect.stringMatching(/nowhere|1/), retryable: false })
  })

  it('tells that the credential is no good, and that the service asks to wait, which is no fault of it', async () => {
    const request = await wish()
    const whose = await newRun()
    await service().fault({ when: 'before', action: 'status', ...subject.limited })
    const limited = await provision(request, whose).catch((error: unknown) => error as ProviderError)
    expect(limited).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: 7_000 })
    await subject.revoke(service())
    await expect(provision(request, whose)).rejects.toMatchObject({ name: 'ProviderAuthenticationError', fix: expect.stringMatching(/_TOKEN/), retryable: false })
  })

  it('names each variable that it lacks', () => {
    for (const { variable, where } of provider.needs()) {
      process.env[variable] = ''
      expect(() => findProvider(provider.repoTypes[0]!, provider.type)).toThrow(expect.objectContaining({ name: 'MissingConfigurationError', message: expect.stringContaining(variable), fix: expect.stringContaining(where) }))
      process.env[variable] = variables[variable]
    }
  })

  it.runIf(provider.deprovision)('removes it, and says then that it is missing', async () => {
    const made = await ready(await wish())
    const remove = await provider.deprovision!(made)
    await remove!()
    expect(await count(made.name)).toBe(0)
    expect(await provider.getStatus(made)).toMatchObject({ state: 'missing' })
    expect(await provider.deprovision!(made)).toBeNull()
    await remove!()
  })

  it.runIf(subject.work)('sees that somebody worked in it, and does not remove it then', async () => {
    const made = await ready(await wish())
    await subject.work!(service(), made.name)
    if (made.meta.sha) expect(await provider.getStatus(made)).toMatchObject({ state: 'drifted', expectedSha: made.meta.sha })
    // Also when making it was interrupted, so that nothing is known of it.
    for (const meta of [made.meta, {}]) await expect(provider.deprovision!({ ...made, meta })).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT', retryable: false })
    expect(await count(made.name)).toBe(1)
  })
})
