import { build } from '../../scripts/lib/build.ts'

/** Vitest's global set-up of the projects whose suites start the built server. */
export default function setup(): Promise<void> {
  return build(line => console.log(line))
}
