import { spawnSync } from 'node:child_process'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { run, Sandbox, shell, Snapshot, statusOf, useSandboxes } from './support.ts'

/** The published client against both kinds of sandboxes; without bubblewrap the first kind is a plain folder, too. */
describe.each([['isolated', true], ['plain', false]] as const)('%s sandboxes', (_, isolate) => {
  const client = useSandboxes({ isolate })

  it('run commands, by name and arguments and not by a shell', async () => {
    const sandbox = await client.create()
    expect(await shell(sandbox, 'echo out; echo err >&2; exit 3')).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
    expect((await run(sandbox, 'echo', ['$(id)', '`id`', ';', '&& ls'])).stdout).toBe('$(id) `id` ; && ls\n')
    expect(await run(sandbox, 'no-such-program')).toMatchObject({ exitCode: 127, stderr: expect.stringContaining('not found') })
    expect((await run(sandbox, 'pwd', [], { cwd: '/tmp' })).stdout).toMatch(/\/tmp\n$/)
  })

  it('give a command what the call gives it and a PATH, and nothing of anybody else', async () => {
    vi.stubEnv('PLANTED_SECRET', 'of this very process')
    onTestFinished(() => void vi.unstubAllEnvs())
    const sandbox = await client.create({ env: { OF_SANDBOX: 'a' } })
    const { stdout } = await run(sandbox, 'env', [], { env: { OF_CALL: 'b' } })
    const names = stdout.trim().split('\n').map(line => line.split('=')[0]).filter(name => name !== 'PWD').sort()
    expect(names).toEqual(['OF_CALL', 'OF_SANDBOX', 'PATH'])
  })

  it('stream the output of a detached command, again from its start for everybody who asks', async () => {
    const sandbox = await client.create()
    const line = 'for n in 1 2 3; do echo $n; sleep 0.1; done; printf ż'
    const command = await sandbox.runCommand({ cmd: 'sh', args: ['-c', line], detached: true })
    const first: string[] = []
    for await (const { stream, data } of command.logs()) first.push(`${stream} ${data}`)
    expect(first.join('')).toBe('stdout 1\nstdout 2\nstdout 3\nstdout ż')
    expect((await command.wait()).exitCode).toBe(0)
    expect(await (await sandbox.getCommand(command.cmdId)).output('stdout')).toBe('1\n2\n3\nż')
  })

  it('kill a command, with its children, and end one that takes too long', async () => {
    const sandbox = await client.create()
    const command = await sandbox.runCommand({ cmd: 'sh', args: ['-c', 'sleep 100 & sleep 100'], detached: true })
    await command.kill('SIGKILL')
    expect((await command.wait()).exitCode).toBe(137)
    const late = await sandbox.runCommand({ cmd: 'sleep', args: ['100'], timeoutMs: 100 })
    expect(late.exitCode).toBe(137)
    expect((await shell(sandbox, 'ps -A -o args | grep -c "[s]leep 100" || true')).stdout.trim()).toBe('0')
  })

  it('write and read files, make folders, and know what is not there', async () => {
    const sandbox = await client.create()
    const bytes = Buffer.from(Array.from({ length: 500_000 }, (_, n) => n % 256))
    await sandbox.mkDir('a/b')
    await sandbox.writeFiles([
      { path: 'a/b/text.md', content: 'Żółć' },
      { path: '/vercel/sandbox/bytes', content: bytes },
      { path: 'run.sh', content: '#!/bin/sh\necho ran', mode: 0o755 },
    ])
    expect(String(await sandbox.readFileToBuffer({ path: 'a/b/text.md' }))).toBe('Żółć')
    expect(bytes.equals((await sandbox.readFileToBuffer({ path: 'bytes' }))!)).toBe(true)
    expect(await sandbox.readFileToBuffer({ path: 'nothing' })).toBeNull()
    expect(await statusOf(sandbox.readFileToBuffer({ path: 'a' }))).toBe(400)
    expect((await run(sandbox, './run.sh')).stdout).toBe('ran\n')
  })

  it('write and read nothing outside, along a link either', async () => {
    const sandbox = await client.create()
    await shell(sandbox, 'ln -s /etc escape')
    const hosts = await sandbox.readFileToBuffer({ path: 'escape/hostname' }).catch(() => null)
    expect(hosts).toBeNull()
    expect(await statusOf(sandbox.mkDir('escape/made'))).toBeOneOf([400, 404])
    expect(await statusOf(sandbox.writeFiles([{ path: 'escape/made', content: 'x' }]))).toBe(400)
  })

  it('stop: later calls get 410, and what ran has ended', async () => {
    const sandbox = await client.create()
    const marker = `1000.${process.pid}`
    await sandbox.runCommand({ cmd: 'sh', args: ['-c', `sleep ${marker} & sleep ${marker}`], detached: true })
    await sandbox.stop()
    const session = sandbox.currentSession()
    const calls = [session.runCommand('ls'), session.mkDir('a'), session.readFile({ path: 'a' }), session.extendTimeout(1_000)]
    expect(await Promise.all(calls.map(statusOf))).toEqual([410, 410, 410, 410])
    expect((await Sandbox.get({ name: sandbox.name, ...client.credentials })).status).toBe('stopped')
    await expect.poll(() => processesWith(marker)).toBe(0)
  })

  it('tell the reader of a command that the sandbox stopped meanwhile', async () => {
    const sandbox = await client.create()
    const command = await sandbox.runCommand({ cmd: 'sleep', args: ['100'], detached: true })
    const reading = command.stdout()
    reading.catch(() => undefined)
    await sandbox.stop()
    await expect(reading).rejects.toMatchObject({ code: 'sandbox_stopped' })
  })

  it('stop by themselves when their time is over, which can be extended', async () => {
    const sandbox = await client.create({ timeout: 60_000 })
    await sandbox.extendTimeout(30_000)
    expect(sandbox.currentSession().timeout).toBe(90_000)
    expect(await statusOf(sandbox.extendTimeout(24 * 60 * 60_000))).toBe(400)
    const short = await client.create({ timeout: 1_000 })
    await expect.poll(() => statusOf(short.currentSession().runCommand('ls')), { timeout: 10_000 }).toBe(410)
    const recorded = async () => (await client.state()).sessions.find(({ id }) => id === short.currentSession().sessionId)
    await expect.poll(async () => (await recorded())?.status).toBe('stopped')
  })

  it('become snapshots, which start others, are listed, deleted and expire', async () => {
    const sandbox = await client.create({ name: 'source' })
    await shell(sandbox, 'mkdir docs; echo one > docs/a.md; ln -s a.md docs/link')
    const snapshot = await sandbox.snapshot({ expiration: 0 })
    expect([sandbox.currentSession().status, snapshot.expiresAt, snapshot.sizeBytes > 0]).toEqual(['stopped', undefined, true])
    const from = { source: { type: 'snapshot', snapshotId: snapshot.snapshotId } } as const
    const [one, two] = await Promise.all([client.create(from), client.create(from)])
    await shell(one, 'echo changed > docs/a.md')
    expect((await shell(two, 'cat docs/link')).stdout).toBe('one\n')
    expect(two.sourceSnapshotId).toBe(snapshot.snapshotId)

    const short = await one.snapshot({ expiration: 500 })
    expect((await Snapshot.list({ ...client.credentials, name: 'source' })).snapshots.map(({ id }) => id)).toEqual([snapshot.snapshotId])
    await expect.poll(() => statusOf(Snapshot.get({ snapshotId: short.snapshotId, ...client.credentials }))).toBe(410)
    await snapshot.delete()
    expect(await statusOf(client.create(from))).toBe(410)
    expect(await statusOf(client.create({ source: { type: 'snapshot', snapshotId: 'snap_unknown' } }))).toBe(404)
  })

  it('are found by name, prefix and tag, and one name is one sandbox', async () => {
    for (const name of ['docs-1', 'docs-2', 'other']) await client.create({ name, tags: { run: name } })
    const names = async (filter: object) => {
      const pages = await Sandbox.list({ ...client.credentials, limit: 1, ...filter })
      return (await pages.toArray()).map(({ name }) => name)
    }
    expect(await names({ namePrefix: 'docs-' })).toEqual(['docs-1', 'docs-2'])
    expect(await names({ tags: { run: 'other' } })).toEqual(['other'])
    expect(await statusOf(client.create({ name: 'other' }))).toBe(409)
    const other = await Sandbox.get({ name: 'other', ...client.credentials })
    await other.delete()
    expect(await statusOf(Sandbox.get({ name: 'other', ...client.credentials }))).toBe(404)
  })

  it('that persist continue with their files', async () => {
    const sandbox = await client.create({ persistent: true })
    await sandbox.writeFiles([{ path: 'kept', content: 'kept' }])
    await sandbox.stop()
    const again = await Sandbox.get({ name: sandbox.name, resume: true, ...client.credentials })
    expect(String(await again.readFileToBuffer({ path: 'kept' }))).toBe('kept')
  })

  it('outlive the emulator with their files, and without their commands', async () => {
    const sandbox = await client.create({ name: 'lasting' })
    await sandbox.writeFiles([{ path: 'kept', content: 'kept' }])
    const marker = `2000.${process.pid}`
    await sandbox.runCommand({ cmd: 'sleep', args: [marker], detached: true })
    await client.restart()
    expect(processesWith(marker)).toBe(0)
    const again = await Sandbox.get({ name: 'lasting', ...client.credentials })
    expect(String(await again.readFileToBuffer({ path: 'kept' }))).toBe('kept')
  })

  it('are faulted by the control route: a stream that is cut off', async () => {
    const sandbox = await client.create({ name: 'cut' })
    await client.control.fault({ when: 'after', action: 'cut', ms: 300, operation: 'getCommandLogs', subject: 'cut' })
    const command = await sandbox.runCommand({ cmd: 'sh', args: ['-c', 'echo begun; sleep 2; echo ended'], detached: true })
    const seen: string[] = []
    const reading = (async () => {
      for await (const { data } of command.logs()) seen.push(data)
    })()
    await expect(reading).rejects.toThrow()
    expect(seen).toEqual(['begun\n'])
  })

  it('refuse what the emulator does not do', async () => {
    expect(await statusOf(client.create({ ports: [3000] }))).toBe(400)
    expect(await statusOf(client.create({ source: { type: 'git', url: 'https://example.org/a.git' } }))).toBe(400)
    const networkPolicy = { allow: { 'example.org': [{ transform: [{ headers: { a: 'b' } }] }] } }
    expect(await statusOf(client.create({ networkPolicy }))).toBe(400)
  })
})

/** Processes of this machine with a word in their arguments. */
function processesWith(word: string): number {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' })
  return stdout.split('\n').filter(line => line.startsWith('sleep ') && line.includes(word)).length
}
