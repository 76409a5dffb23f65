import { Hono } from 'hono'
import { z } from 'zod'
import type { CallLog } from './calls.ts'
import { faultSchema } from './faults.ts'
import type { Faults } from './faults.ts'
import type { App } from './pipeline.ts'

/** The parts of an emulator that its control routes read and change. */
export interface Control {
  calls: CallLog
  faults: Faults
  latency: { ms: number }
  /** Every resource that exists. */
  state: () => unknown
  /** Restores the defaults, and deletes calls and faults. */
  reset: () => void | Promise<void>
  /** Changes the rate limits. @returns the limits in force */
  limits: (body: unknown) => unknown
  /** Changes the settings. @returns the settings in force */
  settings: (body: unknown) => unknown
}

const latencySchema = z.strictObject({ ms: z.number().min(0).max(60_000) })
const MAX_WAIT_MS = 60_000

/** The routes under `/__emulator`. They need no authentication, so the emulator must listen on loopback only. */
export function controlRoutes(control: Control): App {
  const app: App = new Hono()

  app.get('/state', async c => c.json(await control.state()))
  app.get('/calls', c => c.json(control.calls.since(Number(c.req.query('since') ?? 0) || 0)))
  app.delete('/calls', (c) => {
    control.calls.clear()
    return c.body(null, 204)
  })
  app.post('/reset', async (c) => {
    await control.reset()
    return c.body(null, 204)
  })

  app.get('/latency', c => c.json(control.latency))
  app.put('/latency', async (c) => {
    control.latency.ms = latencySchema.parse(await c.req.json()).ms
    return c.json(control.latency)
  })
  app.get('/limits', async c => c.json(await control.limits({})))
  app.put('/limits', async c => c.json(await control.limits(await c.req.json())))
  app.get('/settings', async c => c.json(await control.settings({})))
  app.put('/settings', async c => c.json(await control.settings(await c.req.json())))

  app.get('/faults', c => c.json(control.faults.list()))
  app.post('/faults', async c => c.json(control.faults.add(faultSchema.parse(await c.req.json())), 201))
  app.delete('/faults', (c) => {
    control.faults.clear()
    return c.body(null, 204)
  })
  app.delete('/faults/:id', c => c.body(null, control.faults.remove(c.req.param('id')) ? 204 : 404))
  app.get('/faults/:id', async (c) => {
    const id = c.req.param('id')
    await untilReached(control.faults, id, Number(c.req.query('waitMs') ?? 0) || 0)
    const fault = control.faults.get(id)
    return fault ? c.json(fault) : c.json({ message: `There is no fault ${id}` }, 404)
  })

  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ message: z.prettifyError(error) }, 400)
    if (error instanceof SyntaxError) return c.json({ message: 'The body is not JSON.' }, 400)
    console.error('emulator: a control route failed:', error)
    return c.json({ message: error.message }, 500)
  })
  return app
}

/** Waits until the fault has hit a call, at most `waitMs` milliseconds. */
async function untilReached(faults: Faults, id: string, waitMs: number): Promise<void> {
  if (waitMs <= 0 || faults.get(id)?.reached !== 0) return
  const change = faults.change(id)
  const timer = setTimeout(change.cancel, Math.min(waitMs, MAX_WAIT_MS))
  await change.promise
  clearTimeout(timer)
}
