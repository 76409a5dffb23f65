import type { Call, EarlyCall } from '../core/pipeline.ts'
import { HttpError } from '../core/http-error.ts'
import { json } from '../core/response.ts'
import { startEmulator } from '../core/start.ts'
import type { Emulator, StartOptions } from '../core/types.ts'
import { checked, run, wordsOf } from './commands/index.ts'
import type { Answer } from './commands/index.ts'
import type { Reply } from './commands/command.ts'
import { CommandError, errorBody } from './errors.ts'
import { pageRoutes } from './pages.ts'
import { Store } from './store.ts'
import type { Entry } from './store.ts'

export interface KvState { keys: Record<string, Entry> }

/** Starts the KV emulator: Redis by the REST protocol of Upstash, for the client `@vercel/kv`. */
export const start = (options: StartOptions): Promise<Emulator> => startEmulator('kv', options, (database) => {
  const store = new Store(database)
  return {
    prefix: '',
    pages: pageRoutes(store),
    errorBody,
    authenticate: (call) => {
      const token = /^Bearer (.+)$/.exec(call.header('authorization') ?? '')?.[1]
      if (token === undefined || !store.tokens.includes(token))
        throw new HttpError(401, errorBody(401, 'WRONGPASS invalid or missing auth token'))
      return token
    },
    routes: [
      { method: 'POST', path: '/', operation: 'command', subject: call => nameOf(itemsOf(call)), handler: call => one(store, call) },
      {
        method: 'POST',
        path: '/pipeline',
        operation: 'pipeline',
        subject: namesOf,
        handler: call => json(itemsOf(call).map(item => encoded(call, run(store, wordsOf(item))))),
      },
      { method: 'POST', path: '/multi-exec', operation: 'multiExec', subject: namesOf, handler: call => transaction(store, call) },
    ],
    state: (): KvState => ({ keys: Object.fromEntries(store.keys().map(key => [key, store.entry(key)!])) }),
    settings: body => store.apply(body),
    reset: () => store.reset(),
  }
})

/** The JSON array of a body. */
const itemsOf = ({ body }: EarlyCall): unknown[] => Array.isArray(body.items) ? body.items : []

/** A command in the log: its name and its key, without a value. */
const nameOf = (command: unknown) => wordsOf(command).slice(0, 2).join(' ')
const namesOf = (call: EarlyCall) => itemsOf(call).map(nameOf).join(', ')

function one(store: Store, call: Call<string>): Response {
  const answer = run(store, wordsOf(itemsOf(call)))
  return json(encoded(call, answer), 'error' in answer ? 400 : 200)
}

/** Runs all commands, or none of them when one is unknown. */
function transaction(store: Store, call: Call<string>): Response {
  const commands = itemsOf(call).map(wordsOf)
  try {
    commands.forEach(checked)
  }
  catch (error) {
    if (!(error instanceof CommandError)) throw error
    throw new HttpError(400, errorBody(400, `EXECABORT Transaction discarded because of: ${error.message}`))
  }
  return json(commands.map(words => encoded(call, run(store, words))))
}

/** The client asks for its texts in base64, and takes `OK` as it is. */
function encoded({ header }: Call<string>, answer: Answer): Answer {
  if ('error' in answer || header('upstash-encoding') !== 'base64' || answer.result === 'OK') return answer
  return { result: inBase64(answer.result) }
}

function inBase64(reply: Reply): Reply {
  if (Array.isArray(reply)) return reply.map(inBase64)
  return typeof reply === 'string' ? Buffer.from(reply).toString('base64') : reply
}
