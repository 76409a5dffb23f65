import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { createControl } from '../../../../emulators/control-client.ts'
import type { Emulator } from '../../../../emulators/core/types.ts'
import { temporaryFolder } from '../support/emulators.ts'
import { Sandbox, useSandboxes } from './support.ts'

const client = useSandboxes({ isolate: false })

/** Node's own `fetch` sends no Host and no Origin of choice. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  request(`${client.emulator.url}${path}`, { method, headers }, answer => resolve(answer.resume().statusCode!)).on('error', reject).end()
  return promise
}

const paths = ['/api/v2/sandboxes', '/__emulator/state', '/__emulator/faults', '/']

it.each(paths)('asks every request for the token: %s', async (path) => {
  const known = { authorization: `Bearer ${client.emulator.token}` }
  const host = new URL(client.emulator.url).host
  expect(await ask(path, {})).toBe(401)
  expect(await ask(path, { authorization: 'Bearer another' })).toBe(401)
  expect(await ask(path, { authorization: client.emulator.token! })).toBe(401)
  expect(await ask(path, { ...known, origin: 'https://example.org' })).toBe(403)
  expect(await ask(path, { ...known, origin: client.emulator.url })).toBe(403)
  expect(await ask(path, { ...known, 'sec-fetch-site': 'none' })).toBe(403)
  expect(await ask(path, { ...known, host: `rebound.example.org:${host.split(':')[1]}` })).toBe(403)
  expect([200, 404]).toContain(await ask(path, known))
})

it('keeps the token in a file of its owner, and the same one after a restart', async () => {
  const file = join(client.folder, 'token')
  expect(readFileSync(file, 'utf8').trim()).toBe(client.emulator.token)
  expect(client.emulator.token!.length).toBeGreaterThanOrEqual(43)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const before = client.emulator.token
  await client.restart()
  expect(client.emulator.token).toBe(before)
})

it('shows and logs no variable of a sandbox', async () => {
  const sandbox = await client.create({ env: { TOKEN: 'planted' } })
  await sandbox.runCommand({ cmd: 'true', env: { OTHER: 'planted' } })
  expect(JSON.stringify([await client.state(), await client.control.calls()])).not.toContain('planted')
})

const folder = temporaryFolder()

it.each(['isolated', 'plain'])('ends every program that it started when it is killed: %s', async (kind) => {
  const script = fileURLToPath(new URL('../support/serve-sandbox.ts', import.meta.url))
  const child = spawn(process.execPath, [script, join(folder.path, kind), kind], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data') as [Buffer]
  const { apiUrl, url, token } = JSON.parse(String(line)) as Emulator
  await createControl(url, token).state()
  const sandbox = await Sandbox.create({
    token: token!, teamId: 'team', projectId: 'project', persistent: false,
    fetch: ((address: string, init?: RequestInit) => fetch(address.replace('https://vercel.com/api', apiUrl), init)) as typeof fetch,
  })
  const marker = `3000.${process.pid}`
  await sandbox.runCommand({ cmd: 'sh', args: ['-c', `sleep ${marker} & sleep ${marker}`], detached: true })
  await expect.poll(() => sleeping(marker)).toBe(2)
  child.kill('SIGKILL')
  await expect.poll(() => sleeping(marker), { timeout: 10_000 }).toBe(0)
})

function sleeping(marker: string): number {
  return spawnSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' }).stdout.split('\n').filter(line => line === `sleep ${marker}`).length
}
