import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fromRoot } from '../../scripts/lib/root.ts'
import { temporaryFolder } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { livingProcesses } from './fixtures/processes.ts'

/** Runs a suite whose set-up fails at that stage, in an empty folder for temporary files and with a PATH of its own. */
async function runSuite(stage: string) {
  const stack = new AsyncDisposableStack()
  onTestFinished(() => stack.disposeAsync())
  const folder = await temporaryFolder(stack)
  const path = `${process.env.PATH}${delimiter}${folder}`
  const child = stack.adopt(
    spawn(process.execPath, [
      fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', fromRoot('test', 'chaos', 'fixtures', 'vitest.config.ts'),
    ], {
      cwd: fromRoot(), env: { PATH: path, HOME: process.env.HOME, TMPDIR: folder, STAGE: stage }, stdio: ['ignore', 'pipe', 'pipe'],
    }), started => void started.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return {
    child,
    output: () => output,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    expectNothingLeft: () => until(async () => {
      const left = { processes: await livingProcesses(path), folders: await readdir(folder) }
      expect(left, output).toEqual({ processes: [], folders: [] })
      return true
    }, { what: () => `nothing to be left\n${output}` }),
  }
}

describe.runIf(process.platform === 'linux').concurrent('a set-up leaves neither process nor folder behind', () => {
  it.each([
    ['global set-up', 'PostgreSQL started: true; the next part fails'],
    ['database', 'ECONNREFUSED'],
    ['emulators', 'no emulator'],
    ['server', 'The server ended as it started (78)'],
    ['health', 'Waited 30000 ms in vain for the server to be healthy'],
    ['time-out', 'Hook timed out in 300ms'],
    ['rest', 'The rest of the set-up fails.'],
  ])('when it fails at: %s', async (stage, reason) => {
    const { ended, output, expectNothingLeft } = await runSuite(stage)
    expect(await ended, output()).toBe(1)
    expect(output()).toContain(reason)
    if (stage !== 'global set-up') expect(output()).toContain('1 passed')
    await expectNothingLeft()
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('when its test run is interrupted by %s', async (signal) => {
    const { child, ended, output, expectNothingLeft } = await runSuite('none')
    await until(() => output().includes('1 server'), { what: () => `the server to be up\n${output()}` })
    child.kill(signal)
    await ended
    await expectNothingLeft()
  })
})
