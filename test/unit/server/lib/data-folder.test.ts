import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { probeDataFolder } from '../../../../server/lib/data-folder.ts'
import { temporaryFolder } from '../../scripts/helpers.ts'

afterEach(() => void vi.unstubAllEnvs())

it('tells a folder that takes files, one on a full disk, one that refuses, and none', async () => {
  const folder = await temporaryFolder()
  const probe = join(folder, `write-probe-${process.pid}`)
  vi.stubEnv('ATELIER_DATA_DIR', folder)
  expect(await probeDataFolder()).toBe('writable')
  // Every write to this device finds no space.
  await symlink('/dev/full', probe)
  expect(await probeDataFolder()).toBe('full')
  expect(await readdir(folder), 'nothing is left behind').toEqual([])
  await mkdir(probe)
  expect(await probeDataFolder()).toBe('refused')
  vi.stubEnv('ATELIER_DATA_DIR', join(folder, 'nowhere'))
  expect(await probeDataFolder()).toBe('absent')
})
