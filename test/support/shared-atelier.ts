import { afterAll, afterEach, beforeAll } from 'vitest'
import { emulatorNames } from '../../emulators/defaults.ts'
import { type Control, createControl } from '../../emulators/control-client.ts'
import { createApi } from './api.ts'
import type { Atelier } from './atelier.ts'
import type { Server } from './server.ts'
import { shared } from './shared.ts'

/**
 * The server that suites share. None of them may stop it, change its settings or those of
 * the emulators, or count what others may add to.
 */
export type SharedAtelier = Omit<Atelier, 'server' | 'close'> & { server: Pick<Server, 'url'> }

/**
 * The server of the test run, for a suite that needs no other settings. Other suites use it at the same time, so that this one
 * names its things as no other does, plans faults for its own subjects, and looks at nothing but its own.
 */
export function useSharedAtelier(): SharedAtelier {
  const atelier = {} as SharedAtelier
  let controls: ReturnType<typeof createSharedControl>[] = []
  beforeAll(async () => {
    const { url, apiKey, databaseUrl, emulators } = await shared('atelier')
    const byName = emulatorNames.map(name => [name, createSharedControl(emulators[name])] as const)
    controls = byName.map(([, control]) => control)
    Object.assign(atelier, { server: { url }, api: createApi({ url }, apiKey), apiKey, databaseUrl }, Object.fromEntries(byName))
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(await shared('output'))
  })
  afterAll(() => Promise.all(controls.map(control => control.removeFault())))
  return atelier
}

const notAlone = (what: string) => () => {
  throw new Error(`This would ${what} for every suite on the shared server. Give this suite a server of its own: useAtelier().`)
}

/** Steers an emulator for one suite of several: it removes the faults that it planned itself, and no others. */
function createSharedControl({ url, token }: { url: string, token?: string }): Control {
  const control = createControl(url, token)
  const own = new Set<string>()
  return {
    ...control,
    clearCalls: notAlone('forget the calls'),
    reset: notAlone('reset the emulator'),
    latency: notAlone('delay the calls'),
    limits: notAlone('change the limits'),
    settings: notAlone('change the settings'),
    async fault(plan) {
      if (!plan.subject) throw new Error('A fault of the shared server needs a subject that no other suite has.')
      const id = await control.fault(plan)
      own.add(id)
      return id
    },
    async removeFault(id?: string) {
      for (const planned of id ? [id] : own) {
        if (!own.delete(planned)) continue
        // Another test may have removed it already.
        await control.removeFault(planned).catch(() => undefined)
      }
      return undefined
    },
  }
}
