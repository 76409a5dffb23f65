import { Hono } from 'hono'
import { join } from 'node:path'
import type { App } from '../core/pipeline.ts'
import { json } from '../core/response.ts'
import { isLoopback } from '../core/server.ts'
import { startEmulator } from '../core/start.ts'
import { carries, keepToken } from '../core/token.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { Disk } from './disk.ts'
import { errorBody } from './errors.ts'
import type { SandboxRecord, SessionRecord, SnapshotRecord } from './records.ts'
import { apiRoutes } from './routes.ts'
import { makeSockets, probe, Running } from './running.ts'
import { Sandboxes } from './sandboxes.ts'
import { Store } from './store.ts'

export interface SandboxState {
  isIsolated: boolean
  sandboxes: Omit<SandboxRecord, 'env'>[]
  sessions: SessionRecord[]
  snapshots: SnapshotRecord[]
}

export interface SandboxOptions extends StartOptions {
  /** Servers of this machine that sandboxes may reach when their policy allows it, as `127.0.0.1:4500`. */
  reachable?: () => string[]
  /** `false` runs commands in a plain folder, as where bubblewrap is not installed. */
  isolate?: boolean
}

const WARNING = 'The sandbox emulator found no bubblewrap that works here. Commands of sandboxes run in a plain folder, '
  + 'with your own rights, your network and without limits. Install the package bubblewrap to isolate them.'

/** Starts the emulator of Vercel Sandbox. Its sandboxes run programs of this machine. */
export async function start(options: SandboxOptions): Promise<Emulator> {
  const { dataDir, reachable = () => [], isolate = true } = options
  const token = keepToken(join(dataDir, 'token'))
  const disk = new Disk(dataDir)
  await disk.prepare()
  const sockets = await makeSockets(dataDir)
  const isIsolated = isolate && await probe(disk, sockets)
  if (isolate && !isIsolated) console.warn(WARNING)

  const emulator = await startEmulator<unknown>('sandbox', options, (database) => {
    const store = new Store(database)
    const running: Running = new Running({
      store, disk, isIsolated, sockets, reachable, onExcess: session => sandboxes.stop(session, 'failed'),
    })
    const sandboxes = new Sandboxes(store, disk, running)
    disk.removeOthers(store.sessions.list(({ status }) => status === 'running').map(({ id }) => id))
    return {
      prefix: '/api',
      pages: new Hono(),
      errorBody,
      guard: app => forTheServerAlone(app, token),
      authenticate: () => undefined,
      routes: apiRoutes({ store, sandboxes, running }),
      state: (): SandboxState => ({
        isIsolated,
        sandboxes: store.sandboxes.list().map(({ env: _, ...sandbox }) => sandbox),
        sessions: store.sessions.list(),
        snapshots: store.snapshots.list(),
      }),
      settings: body => store.apply(body),
      reset: () => sandboxes.reset(),
      close: async () => {
        await sandboxes.close()
        await running.close()
      },
    }
  })
  return { ...emulator, apiUrl: `${emulator.url}/api`, token }
}

/**
 * This emulator runs programs, so it is a door to the machine. It opens to nobody but programs that can read the token's file:
 * every request needs the token. None may name another host (DNS rebinding) or come from a web page.
 */
function forTheServerAlone(app: App, token: string): void {
  app.use(async (c, next) => {
    const isOfAPage = c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined
    if (isOfAPage || !isLoopback(c.req.url)) return json(errorBody(403, 'The emulator answers programs on this machine only.'), 403)
    if (!carries(c.req.header('authorization'), token)) return json(errorBody(401, 'Not authorized'), 401)
    await next()
  })
}
