import { build } from '../../scripts/lib/build.ts'
import { compileCache } from '../../scripts/lib/processes.ts'

/**
 * Vitest's global set-up of the projects whose suites start the built server. It begins the build and does not wait for
 * it, so that suites that need none run meanwhile. `built.ts` waits.
 */
export default function setup() {
  // Without it the build leaves a folder of compiled code among the temporary files.
  Object.assign(process.env, compileCache)
  const aborted = new AbortController()
  const building = build(line => console.log(line), aborted.signal).catch(() => {
    // Who waits for the build starts another one, and reports why it fails.
  })
  return async () => {
    aborted.abort()
    await building
  }
}
