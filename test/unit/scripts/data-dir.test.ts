import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepareDataDir } from '../../../scripts/lib/data-dir.ts'
import { LaunchError } from '../../../scripts/lib/errors.ts'
import { temporaryFolder } from './helpers.ts'

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

it('the data folder is for its owner alone, also one that others could read', async () => {
  const existing = join(await temporaryFolder(), 'existing')
  await mkdir(existing)
  await chmod(existing, 0o755)
  const made = join(await temporaryFolder(), 'a', 'made')
  for (const folder of [existing, made]) {
    await prepareDataDir(folder, line => expect.unreachable(line))
    expect(await modeOf(folder)).toBe(0o700)
    expect(await readdir(folder)).toEqual([])
  }
})

it('a full disk is told as such, with the folder', async () => {
  const folder = await temporaryFolder()
  // Every write to this device finds no space.
  await symlink('/dev/full', join(folder, `write-probe-${process.pid}`))
  const refusal: unknown = await prepareDataDir(folder, () => {}).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(LaunchError)
  expect(refusal).toMatchObject({ message: expect.stringContaining(`The disk of ${folder} is full. Free space`) })
})

it('a folder that cannot be written to is named', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  await expect(prepareDataDir(file, () => {})).rejects.toThrow(/cannot write into .*file .*ATELIER_DATA_DIR/)
})
