import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newest } from '../../../scripts/lib/build.ts'
import { temporaryFolder } from './helpers.ts'

it('finds the newest modification of files and folders, including removals', async () => {
  const folder = await temporaryFolder()
  const [deep, file] = [join(folder, 'deep'), join(folder, 'deep', 'file')]
  await mkdir(deep)
  await writeFile(file, '')
  const old = new Date('2020-01-01')
  for (const path of [file, deep, folder]) await utimes(path, old, old)
  expect(await newest([folder, join(folder, 'absent')])).toBe(old.getTime())
  await utimes(file, old, new Date('2021-01-01'))
  expect(await newest([folder])).toBe(Date.parse('2021-01-01'))
  await rm(file)
  expect(await newest([folder])).toBeGreaterThan(Date.parse('2022-01-01'))
  expect(await newest([join(folder, 'absent')])).toBe(0)
})
