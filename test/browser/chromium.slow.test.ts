import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/stack.ts'
import { unpackChromium } from './support/chromium.ts'

const run = promisify(execFile)

it('two test runs that start at once unpack Chromium once, also after one that was killed while it did so', async () => {
  const stack = new AsyncDisposableStack()
  onTestFinished(() => stack.disposeAsync())
  const cache = await temporaryFolder(stack)
  const folder = basename(dirname((await unpackChromium()).executablePath))
  await mkdir(join(cache, `${folder}.draft`))
  await writeFile(join(cache, `${folder}.draft`, 'chromium'), 'half of it')

  const [first, second] = await Promise.all([unpackChromium(cache), unpackChromium(cache)])
  expect(second).toEqual(first)
  expect(await readdir(cache)).toEqual([folder, 'chromium.lock'])
  expect((await run(first.executablePath, ['--no-sandbox', '--version'], { env: first.env })).stdout).toMatch(/\d+\.\d+/)
})
