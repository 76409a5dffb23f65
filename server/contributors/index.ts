import { requireBy } from '../http/require'
import { findContributor } from './queries'

export * from './queries'
export { toContributor } from './view'

export const requireContributor = requireBy('contributor', findContributor)
