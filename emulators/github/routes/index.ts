import type { Route } from '../../core/pipeline.ts'
import type { Hub, Identity } from '../hub.ts'
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

/** Every operation of the API. The first route that fits answers, so the longer paths come before the shorter. */
export function apiRoutes(hub: Hub, limits: RateLimits): Route<Identity>[] {
  return [
    ...metaRoutes(hub, limits),
    ...repoRoutes(hub),
    ...templateRoutes(hub),
    ...refRoutes(hub),
    ...objectRoutes(hub),
    ...treeRoutes(hub),
    ...branchRoutes(hub),
    ...statusRoutes(hub),
    ...commitRoutes(hub),
    ...contentRoutes(hub),
    ...actionRoutes(hub),
  ]
}
