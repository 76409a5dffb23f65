import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { own } from '../../scripts/lib/own.ts'

/** What the set-up of a file or `describe` registers here is ended after its tests, in reverse order, also when the set-up failed. */
export function useStack(): AsyncDisposableStack {
  const stack = new AsyncDisposableStack()
  afterAll(() => stack.disposeAsync())
  return stack
}

/** A folder for temporary files that is removed with the stack. */
export const temporaryFolder = (stack: AsyncDisposableStack, name = 'atelier'): Promise<string> =>
  own(stack, () => mkdtemp(join(tmpdir(), `${name}-`)), folder => rm(folder, { recursive: true, force: true }))
