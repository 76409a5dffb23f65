import { inject } from 'vitest'
import type { EmulatorName } from '../../emulators/defaults.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a suite asks for what it shares with others. */
    testRun: string
  }
}

/** What suites share; `test-run.ts` starts it. */
export interface Shared {
  /** The build of the server, up to date. */
  build: true
  /** A migrated database of the test run's only PostgreSQL, which others are copied from. */
  postgres: string
  /** A server with everything it needs, as `startAtelier` makes it. */
  atelier: { url: string, apiKey: string, databaseUrl: string, emulators: Record<EmulatorName, { url: string, token?: string }> }
  /** The last of what that server has printed. */
  output: string
}

/** Something that suites share, started now if no suite has needed it yet. */
export async function shared<Name extends keyof Shared>(name: Name): Promise<Shared[Name]> {
  const response = await fetch(`${inject('testRun')}/${name}`)
  if (!response.ok) throw new Error(`The test run could not start what suites share: ${name}\n${await response.text()}`)
  return await response.json() as Shared[Name]
}
