import { afterEach, beforeAll } from 'vitest'
import { own } from '../../scripts/lib/own.ts'
import { startAtelier, type Atelier, type AtelierOptions } from './atelier.ts'
import { useStack } from './stack.ts'

/** One server with everything it needs for all tests of a file or `describe`; what it printed is shown when a test fails. */
export function useAtelier(options?: AtelierOptions): Atelier {
  const stack = useStack()
  const atelier = {} as Atelier
  beforeAll(async () => {
    Object.assign(atelier, await own(stack, () => startAtelier(options), started => started.close()))
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(atelier.server?.output().slice(-5_000))
  })
  return atelier
}
