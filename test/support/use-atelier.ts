import { afterAll, afterEach, beforeAll } from 'vitest'
import { startAtelier, type Atelier } from './atelier.ts'

/** One server with everything it needs for all tests of a file or `describe`; what it printed is shown when a test fails. */
export function useAtelier(options?: Parameters<typeof startAtelier>[0]): Atelier {
  const atelier = {} as Atelier
  beforeAll(async () => {
    Object.assign(atelier, await startAtelier(options))
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(atelier.server?.output().slice(-5_000))
  })
  afterAll(() => atelier.close?.())
  return atelier
}
