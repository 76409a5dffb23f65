import { renderConfiguration } from './configuration.ts'
import { renderEnvExample } from './env-example.ts'
import { renderErrors } from './errors.ts'

/** A document that is generated, never edited. Node alone runs its sources: their imports end in `.ts`. */
export interface Page {
  /** From the root of the checkout. */
  path: string
  render: () => string
}

/** A unit test compares each with the committed file; `npm run docs:generate` writes them. */
export const pages: readonly Page[] = [
  { path: '.env.example', render: renderEnvExample },
  { path: 'docs/configuration.md', render: renderConfiguration },
  { path: 'docs/errors.md', render: renderErrors },
]
