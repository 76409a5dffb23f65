import { join } from 'node:path'
import { expect, it } from 'vitest'
import { acquireLock } from '../../../scripts/lib/lock.ts'
import { firstOutput, kill, startFixture, temporaryFolder } from './helpers.ts'

it('excludes this and other processes until it is released', async () => {
  const path = join(await temporaryFolder(), 'new', 'lock')
  const release = await acquireLock(path)
  expect(release).toBeDefined()
  expect(await acquireLock(path)).toBeUndefined()
  expect(await firstOutput(startFixture('hold-lock.ts', [path]))).toBe('refused')
  release?.()
  expect(await firstOutput(startFixture('hold-lock.ts', [path]))).toBe('acquired')
})

it('is released when its holder is killed, and waits for it until the timeout', async () => {
  const path = join(await temporaryFolder(), 'lock')
  const holder = startFixture('hold-lock.ts', [path])
  expect(await firstOutput(holder)).toBe('acquired')
  const waiting = acquireLock(path, 10_000)
  await kill(holder)
  const release = await waiting
  expect(release).toBeDefined()
  release?.()
})
