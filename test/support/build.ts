import { build } from '../../scripts/lib/build.ts'
import { compileCache } from '../../scripts/lib/processes.ts'

/** Vitest's global set-up of the projects whose suites start the built server. */
export default async function setup(): Promise<void> {
  // Without it the build leaves a folder of compiled code among the temporary files.
  Object.assign(process.env, compileCache)
  await build(line => console.log(line))
}
