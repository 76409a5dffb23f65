import { shared } from './shared.ts'

/** Before each suite of the projects whose suites start the built server. */
await shared('build')
