import type { Route } from '../../core/pipeline.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import type { RateLimits } from '../limits.ts'
import { actionRoutes } from './actions.ts'
import { branchRoutes } from './branches.ts'
import { commitRoutes } from './commits.ts'
import { contentRoutes } from './contents.ts'
import { metaRoutes } from './meta.ts'
import { objectRoutes } from './objects.ts'
import { refRoutes } from './refs.ts'
import { repoRoutes } from './repos.ts'
import { statusRoutes } from './statuses.ts'
import { templateRoutes } from './templates.ts'
import { treeRoutes } from './trees.ts'

/** Every operation of the API. The first matching route answers, so longer paths come before shorter ones. */
export function apiRoutes(backend: GitHubBackend, limits: RateLimits): Route<Identity>[] {
  return [
    ...metaRoutes(backend, limits),
    ...repoRoutes(backend),
    ...templateRoutes(backend),
    ...refRoutes(backend),
    ...objectRoutes(backend),
    ...treeRoutes(backend),
    ...branchRoutes(backend),
    ...statusRoutes(backend),
    ...commitRoutes(backend),
    ...contentRoutes(backend),
    ...actionRoutes(backend),
  ]
}
