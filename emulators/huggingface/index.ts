import { startEmulator } from '../core/start.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { errorBody, unauthorized } from './errors.ts'
import { pageRoutes } from './pages.ts'
import type { Identity, Space } from './records.ts'
import { apiRoutes } from './routes.ts'
import { Store } from './store.ts'

export interface HuggingFaceState { spaces: Space[] }

/** Starts the emulator of the Hugging Face Hub: Spaces, their cards and their commits. */
export const start = (options: StartOptions): Promise<Emulator> => startEmulator<Identity>('huggingface', options, (database, address) => {
  const store = new Store(database)
  return {
    prefix: '/api',
    pages: pageRoutes(store),
    errorBody,
    authenticate: (call) => {
      const token = /^Bearer (.+)$/.exec(call.header('authorization') ?? '')?.[1]
      const identity = token === undefined ? undefined : store.settings.tokens[token]
      if (identity === undefined) throw unauthorized()
      return identity
    },
    routes: apiRoutes(store, address),
    state: (): HuggingFaceState => ({ spaces: store.spaces.list() }),
    settings: body => store.apply(body),
    reset: () => store.reset(),
  }
})
