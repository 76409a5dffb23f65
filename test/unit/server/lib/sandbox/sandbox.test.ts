import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Control, createControl } from '../../../../../emulators/control-client.ts'
import type { Emulator } from '../../../../../emulators/core/types.ts'
import { VERCEL_PROJECT_ID, VERCEL_TEAM_ID } from '../../../../../emulators/defaults.ts'
import { start } from '../../../../../emulators/sandbox/index.ts'
import { callInstrumentation, type OutsideCall } from '../../../../../server/lib/instrumentation.ts'
import { createSandbox, listSandboxes, openSandbox, type Sandbox } from '../../../../../server/lib/sandbox/index.ts'
import { temporaryFolder } from '../../../emulators/support/emulators.ts'

const folder = temporaryFolder()
let emulator: Emulator
let control: Control
beforeAll(async () => {
  emulator = await start({ dataDir: folder.path, isolate: false })
  control = createControl(emulator.url, emulator.token)
})
beforeEach(async () => {
  const VERCEL_TOKEN = emulator.token
  Object.assign(process.env, { VERCEL_SANDBOX_API_URL: emulator.apiUrl, VERCEL_TOKEN, VERCEL_TEAM_ID, VERCEL_PROJECT_ID })
  await control.reset()
})
afterAll(() => emulator.close())

const wanted = { name: 'sandbox-1', timeoutMs: 60_000, allowedHosts: [], tags: { run: 'one' } }
const shell = (sandbox: Sandbox, line: string, env?: Record<string, string>) =>
  sandbox.run({ command: 'sh', args: ['-c', line], timeoutMs: 20_000, env })
const operations = async () => (await control.calls()).filter(({ effect }) => effect).map(({ operation }) => operation)

it('creates, finds again by name, lists, and stops', async () => {
  const sandbox = await createSandbox(wanted)
  expect(await shell(sandbox, 'echo out; echo err >&2; exit 3')).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  const again = await openSandbox('sandbox-1')
  expect((await shell(again, 'echo $GIVEN', { GIVEN: 'given' })).stdout).toBe('given\n')
  const createdAt = expect.any(Date) as Date
  expect(await listSandboxes('sandbox-')).toEqual([{ name: 'sandbox-1', isRunning: true, createdAt, tags: { run: 'one' } }])
  await again.stop()
  expect((await listSandboxes('sandbox-'))[0]?.isRunning).toBe(false)
  expect(await listSandboxes('other')).toEqual([])
})

it('writes and reads files, and starts from a snapshot', async () => {
  const first = await createSandbox(wanted)
  await first.writeFiles([{ path: 'docs/a.md', content: 'Żółć' }])
  expect(String(await first.readFile('docs/a.md'))).toBe('Żółć')
  expect(await first.readFile('nothing')).toBeNull()
  const snapshotId = await first.snapshot(0)
  const second = await createSandbox({ ...wanted, name: 'sandbox-2', snapshotId })
  expect(String(await second.readFile('docs/a.md'))).toBe('Żółć')
})

it('creates one sandbox however often it is tried, and a new one when the first has stopped', async () => {
  await control.fault({ when: 'after', action: 'drop', operation: 'createSandbox' })
  await expect(createSandbox(wanted)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
  const found = await createSandbox(wanted)
  await found.writeFiles([{ path: 'a', content: 'a' }])
  expect(String(await (await createSandbox(wanted)).readFile('a'))).toBe('a')
  await found.stop()
  expect(await (await createSandbox(wanted)).readFile('a')).toBeNull()
})

it.for<[number, string, boolean, number?]>([
  [401, 'PROVIDER_AUTHENTICATION', false], [403, 'PROVIDER_FORBIDDEN', false], [404, 'PARENT_NOT_FOUND', false],
  [410, 'SANDBOX_STOPPED', false], [429, 'RATE_LIMITED', true, 7_000], [500, 'PROVIDER_UNAVAILABLE', true],
  [400, 'PROVIDER_REJECTED', false],
])('takes %i for %s, and starts no command again by itself', async ([status, code, retryable, retryAfter]) => {
  const sandbox = await createSandbox(wanted)
  await control.fault({ when: 'before', action: 'status', status, operation: 'runCommand', headers: { 'retry-after': '7' } })
  await expect(shell(sandbox, 'true')).rejects.toMatchObject({ code, retryable, retryAfter })
  expect((await control.calls()).filter(({ operation }) => operation === 'runCommand')).toHaveLength(1)
})

it('starts a command once when the answer to its start is lost', async () => {
  const sandbox = await createSandbox(wanted)
  await control.fault({ when: 'after', action: 'drop', operation: 'runCommand' })
  await expect(shell(sandbox, 'echo x >> started')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true })
  expect((await operations()).filter(operation => operation === 'runCommand')).toHaveLength(1)
})

it('follows a command to its end when its output is cut off, lost or refused meanwhile', async () => {
  const sandbox = await createSandbox(wanted)
  await control.fault({ when: 'after', action: 'cut', ms: 200, operation: 'getCommandLogs' })
  await control.fault({ when: 'before', action: 'drop', operation: 'getCommandLogs', nth: 2 })
  await control.fault({ when: 'before', action: 'status', status: 500, operation: 'getCommand' })
  const { stdout, exitCode } = await shell(sandbox, 'echo begun; sleep 1; echo ended; exit 4')
  expect([stdout, exitCode]).toEqual(['begun\nended\n', 4])
  expect((await operations()).filter(operation => operation === 'runCommand')).toHaveLength(1)
})

it('says that the sandbox stopped, whatever was asked of it', async () => {
  const sandbox = await createSandbox(wanted)
  const running = shell(sandbox, 'sleep 100')
  running.catch(() => undefined)
  await expect.poll(operations).toContain('getCommandLogs')
  await (await openSandbox('sandbox-1')).stop()
  const gone = { code: 'SANDBOX_STOPPED', retryable: false }
  await expect(running).rejects.toMatchObject(gone)
  await expect(shell(sandbox, 'true')).rejects.toMatchObject(gone)
  await expect(sandbox.readFile('a')).rejects.toMatchObject(gone)
  await expect(openSandbox('unknown')).rejects.toMatchObject({ code: 'PARENT_NOT_FOUND' })
})

it('bounds the output and says so, and redacts it first', async () => {
  const sandbox = await createSandbox(wanted)
  const long = await shell(sandbox, 'head -c 300000 /dev/zero | tr "\\0" x; head -c 60000 /dev/zero | tr "\\0" y >&2')
  expect([long.stdout.length, long.stdout.slice(-40)]).toEqual([50_000 + 30, expect.stringMatching(/x\n\[cut after 50000 characters\]\n$/)])
  expect(long.stderr).toMatch(/^y{50000}\n\[cut/)
  const printed = await shell(sandbox, 'for part in "$A" "$B"; do printf %s "$part"; sleep 0.2; done', {
    A: emulator.token!.slice(0, 20), B: emulator.token!.slice(20),
  })
  expect(printed.stdout).toBe('[redacted]')
})

it('kills what takes too long', async () => {
  const sandbox = await createSandbox(wanted)
  expect((await sandbox.run({ command: 'sleep', args: ['100'], timeoutMs: 200 })).exitCode).toBe(137)
})

it('audits each call without what it carries, and makes none that it may not make', async () => {
  const calls: OutsideCall[] = []
  await callInstrumentation.run({ onCall: call => calls.push(call) }, async () => {
    const sandbox = await createSandbox(wanted)
    await sandbox.run({ command: 'true', args: ['planted'], env: { TOKEN: 'planted' }, timeoutMs: 5_000 })
  })
  expect(calls.map(({ service, action, result }) => `${service} ${action} ${result}`))
    .toEqual(['CREATE', 'RUN_COMMAND', 'READ_LOGS', 'GET_COMMAND'].map(action => `SANDBOX SANDBOX_${action} SUCCESS`))
  expect(JSON.stringify(calls)).not.toContain('planted')

  await control.clearCalls()
  const before = () => Promise.resolve({ withinMs: 5_000, isValid: () => false, refusal: () => new Error('The lease is lost.') })
  await expect(callInstrumentation.run({ before, onCall: () => {} }, () => openSandbox('sandbox-1'))).rejects.toThrow('The lease is lost.')
  expect(await control.calls()).toEqual([])
})

it('takes Vercel\'s own token, which names the team and the project', async () => {
  process.env.VERCEL_TOKEN = ''
  await expect(openSandbox('a')).rejects.toMatchObject({ code: 'MISSING_CONFIGURATION', message: 'VERCEL_TOKEN is not set.' })
  process.env.VERCEL_OIDC_TOKEN = 'no.token'
  await expect(openSandbox('a')).rejects.toMatchObject({ code: 'WRONG_CONFIGURATION' })
  const claims = Buffer.from(JSON.stringify({ owner_id: 'team', project_id: 'project' })).toString('base64url')
  process.env.VERCEL_OIDC_TOKEN = `a.${claims}.b`
  await expect(openSandbox('a')).rejects.toMatchObject({ code: 'PROVIDER_AUTHENTICATION' })
  process.env.VERCEL_OIDC_TOKEN = ''
})
