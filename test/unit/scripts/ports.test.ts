import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { choosePorts } from '../../../scripts/lib/emulators.ts'
import { freePort, isFree } from '../../../scripts/lib/ports.ts'
import { temporaryFolder } from './helpers.ts'

async function occupy(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

it('detects a port in use on any address of localhost', async () => {
  expect(await isFree(await occupy(0))).toBe(false)
  expect(await isFree(await occupy(0, '0.0.0.0'))).toBe(false)
  expect(await isFree(await freePort())).toBe(true)
})

it('uses the preferred port if it is free, else another one', async () => {
  const wanted = await freePort()
  expect(await freePort(wanted)).toBe(wanted)
  await occupy(wanted)
  expect(await freePort(wanted)).not.toBe(wanted)
})

it('reuses the emulators\' ports at every start, so that links stay valid', async () => {
  const folder = await temporaryFolder()
  const first = await choosePorts(folder, () => {})
  expect(await choosePorts(folder, () => {})).toEqual(first)
})

it('reuses the ports of a folder from a version with fewer emulators', async () => {
  const folder = await temporaryFolder()
  const before = { github: await freePort(), discord: await freePort() }
  await writeFile(join(folder, 'ports.json'), JSON.stringify(before))
  const ports = await choosePorts(folder, () => {})
  expect(ports).toMatchObject(before)
  expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length)
  expect(await choosePorts(folder, () => {})).toEqual(ports)
})

it('reports a stored port in use, and reuses it at the next start', async () => {
  const folder = await temporaryFolder()
  const logged: string[] = []
  const first = await choosePorts(folder, () => {})
  const server = createServer().listen(first.github, '127.0.0.1')
  await once(server, 'listening')
  const second = await choosePorts(folder, line => logged.push(line), 0)
  server.close()
  await once(server, 'close')
  expect(second.github).not.toBe(first.github)
  expect(logged).toHaveLength(1)
  expect(await choosePorts(folder, () => {})).toEqual(first)
})
