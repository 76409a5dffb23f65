import { Hono } from 'hono'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CallLog } from '../core/calls.ts'
import { controlRoutes } from '../core/control.ts'
import { openDatabase } from '../core/database.ts'
import { Faults } from '../core/faults.ts'
import { Mutex } from '../core/mutex.ts'
import { mount } from '../core/pipeline.ts'
import type { App, Service } from '../core/pipeline.ts'
import { json } from '../core/response.ts'
import { listen, loopbackOnly } from '../core/server.ts'
import { isObject } from '../core/types.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { errorBody, malformedBody, SECONDARY_LIMIT } from './errors.ts'
import { atomicFs } from './git/atomic-fs.ts'
import { GitRepositories } from './git/repositories.ts'
import { gitRoutes, writeHooks } from './git-http.ts'
import { authenticate } from './authenticate.ts'
import type { GitHubBackend, Identity } from './backend.ts'
import { RateLimits } from './limits.ts'
import { pageRoutes } from './pages.ts'
import { apiRoutes } from './routes/index.ts'
import { SCHEMA } from './schema.ts'
import { seed, seedSchema } from './seed.ts'
import { SettingsStore } from './settings.ts'
import type { Plan } from './settings.ts'
import { stateOf } from './state.ts'
import { Store } from './store.ts'

export type { GitHubState, RepoState } from './state.ts'

export interface GitHubOptions extends StartOptions {
  /** The token of the bot; `emulator-github-token` by default. */
  token?: string
  /** Plan of the organization. `free` has no branch protection in private repositories. */
  plan?: Plan
}

const PREFIX = '/api/v3'

/** Starts the GitHub emulator on 127.0.0.1. The next start on the same folder finds its state. */
export async function start(options: GitHubOptions): Promise<Emulator> {
  const root = join(options.dataDir, 'repos')
  const scratch = join(options.dataDir, 'scratch')
  await mkdir(root, { recursive: true })
  await rm(scratch, { recursive: true, force: true })
  const database = openDatabase(join(options.dataDir, 'github.sqlite'), SCHEMA)

  const backend: GitHubBackend = {
    url: '',
    apiUrl: '',
    store: new Store(database),
    settings: new SettingsStore(database, options),
    creating: new Set(),
    refs: new Mutex(),
    git: new GitRepositories(root, atomicFs(scratch)),
  }
  await removeOrphans(backend)
  const hooks = await writeHooks(options.dataDir)

  const traffic = { open: 0 }
  const limits = new RateLimits(traffic)
  const service: Service<Identity> = {
    calls: new CallLog(database),
    faults: new Faults(),
    latency: { ms: 0 },
    traffic,
    authenticate: call => authenticate(backend, call.header('authorization')),
    admit: call => limits.admit(call),
    malformed: malformedBody,
    faultBody: (status, headers) =>
      errorBody(status, 'retry-after' in lowerCaseKeys(headers) ? SECONDARY_LIMIT : 'Server Error'),
    internalErrorBody: () => errorBody(500, 'Server Error'),
  }

  // GitHub accepts paths with and without a trailing slash.
  const app: App = new Hono({ strict: false })
  loopbackOnly(app)
  mount(app, PREFIX, apiRoutes(backend, limits), service)
  app.all(`${PREFIX}/*`, () => json(errorBody(404, 'Not Found'), 404))
  app.route('/__emulator', controlRoutes({
    ...service,
    state: () => stateOf(backend),
    limits: body => limits.configure(body),
    settings: async (body) => {
      const { seed: plan, ...change } = isObject(body) ? body : {}
      const planned = seedSchema.parse(plan ?? {})
      const settings = backend.settings.patch(change)
      await seed(backend, planned)
      return settings
    },
    reset: async () => {
      service.faults.clear()
      service.latency.ms = 0
      limits.reset()
      backend.store.deleteAll()
      backend.settings.reset()
      await removeOrphans(backend)
    },
  }))
  app.route('/', gitRoutes(backend, hooks))
  app.route('/', pageRoutes(backend))

  const server = await listen(app, options.port ?? 0)
  backend.url = `http://127.0.0.1:${server.port}`
  backend.apiUrl = backend.url + PREFIX
  return {
    url: backend.url,
    apiUrl: backend.apiUrl,
    port: server.port,
    close: async () => {
      service.faults.clear()
      await server.close()
      database.close()
    },
  }
}

/** Removes git folders without a repository. A crash during a creation, or a reset, leaves them. */
async function removeOrphans(backend: GitHubBackend): Promise<void> {
  const known = new Set(backend.store.listRepos().map(repo => repo.dir))
  for (const dir of await readdir(backend.git.root)) {
    if (known.has(dir)) continue
    backend.git.drop(dir)
    await rm(join(backend.git.root, dir), { recursive: true, force: true })
  }
}

function lowerCaseKeys(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
