import { execFileSync } from 'node:child_process'
import { freePort } from '../../scripts/lib/ports.ts'
import { launch, type Launched } from '../../scripts/lib/launcher.ts'

/** A launched Atelier under measurement, with what drives and reads it. */
export interface Bench {
  launched: Launched
  url: string
  /** Adds latency to every call of both emulators, in ms. */
  latency(ms: number): Promise<void>
  /** Empties the emulators: a Discord server holds at most 500 channels. */
  reset(): Promise<void>
  /** Makes a call; rejects when it is refused. */
  send<T>(method: string, path: string, body?: unknown): Promise<T>
  post(path: string, body: unknown): Promise<{ id: string, run: { id: string } }>
  /** One connection to a stream of server-sent events. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
  /** Resolves when the run is over; rejects when it did not complete. */
  finished(runId: string): Promise<void>
  /** Calls that the emulators have seen, cleared by asking. */
  takeCalls(): Promise<{ operation: string, subject: string }[]>
  /** Resident memory of the server process, MB. */
  memory(): number
}

/** Starts everything as `npm start` does, in a data folder and on a port of its own. */
export async function startBench(dataDir: string, stack: AsyncDisposableStack): Promise<Bench> {
  process.env.ATELIER_DATA_DIR = dataDir
  process.env.PORT = String(await freePort())
  const launched = await launch({ mode: 'production', log: () => {}, quiet: true }, stack)
  const url = launched.settings.url
  const headers = { 'x-api-key': launched.apiKey ?? '', 'content-type': 'application/json' }
  const emulators = Object.values(launched.emulators!)

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return await response.json() as T
  }

  async function finished(runId: string) {
    const response = await fetch(`${url}/api/runs/${runId}/events`, { headers })
    let last = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) last = (last + chunk).slice(-200_000)
    if (!last.includes('event: end')) throw new Error('The stream of the run broke off.')
    const { status, error } = await (await fetch(`${url}/api/runs/${runId}`, { headers })).json() as { status: string, error: unknown }
    if (status !== 'completed') throw new Error(`The run is ${status}: ${JSON.stringify(error)}`)
  }

  return {
    launched, url, send, finished,
    stream: async (path, signal) => (await fetch(url + path, { headers, signal })).body!,
    post: (path, body) => send('POST', path, body),
    latency: async (ms) => {
      for (const emulator of emulators) await fetch(`${emulator.url}/__emulator/latency`, { method: 'PUT', body: JSON.stringify({ ms }) })
    },
    reset: async () => {
      for (const emulator of emulators) await fetch(`${emulator.url}/__emulator/reset`, { method: 'POST' })
    },
    takeCalls: async () => (await Promise.all(emulators.map(async (emulator) => {
      const calls = await (await fetch(`${emulator.url}/__emulator/calls`)).json() as { operation: string, subject: string }[]
      await fetch(`${emulator.url}/__emulator/calls`, { method: 'DELETE' })
      return calls
    }))).flat(),
    memory: () => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(launched.serverPid())], { encoding: 'utf8' })) / 1024),
  }
}
