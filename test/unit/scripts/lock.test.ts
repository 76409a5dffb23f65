import { join } from 'node:path'
import { expect, it } from 'vitest'
import { takeLock } from '../../../scripts/lib/lock.ts'
import { firstOutput, kill, startFixture, temporaryFolder } from './helpers.ts'

it('is held against this and other processes until it is released', async () => {
  const path = join(await temporaryFolder(), 'made', 'lock')
  const release = await takeLock(path)
  expect(release).toBeDefined()
  expect(await takeLock(path)).toBeUndefined()
  expect(await firstOutput(startFixture('hold-lock.ts', [path]))).toBe('refused')
  release?.()
  expect(await firstOutput(startFixture('hold-lock.ts', [path]))).toBe('taken')
})

it('is free once its holder was killed, and waits for that as long as it is told to', async () => {
  const path = join(await temporaryFolder(), 'lock')
  const holder = startFixture('hold-lock.ts', [path])
  expect(await firstOutput(holder)).toBe('taken')
  const waiting = takeLock(path, 10_000)
  await kill(holder)
  const release = await waiting
  expect(release).toBeDefined()
  release?.()
})
