import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { fromRoot } from '../../../scripts/lib/root.ts'
import { temporaryFolder } from '../../support/stack.ts'

const read = (file: string) => JSON.parse(readFileSync(fromRoot(file), 'utf8')) as Record<string, unknown>
const { version, sha256 } = read('scripts/node-hashes.json') as { version: string, sha256: Record<string, string> }
const verify = (...args: string[]) => promisify(execFile)(process.execPath, [fromRoot('scripts/verify-node.mjs'), ...args])

it('the hashes are those of the pinned Node, which runs this test', () => {
  const { dependencies } = read('package.json') as { dependencies: Record<string, string> }
  expect(dependencies.node).toBe(version)
  expect(process.version).toBe(`v${version}`)
})

it.runIf(`${process.platform}-${process.arch}` in sha256)('the installed Node has its hash, and a changed one is refused', async () => {
  expect((await verify()).stdout).toBe('')
  await using stack = new AsyncDisposableStack()
  const changed = join(await temporaryFolder(stack, 'atelier-node'), 'node')
  await writeFile(changed, 'another program')
  await expect(verify(changed)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('is not Node.js') })
})
