import { setTimeout as wait } from 'node:timers/promises'
import { createControl } from '../../emulators/control-client.ts'
import { launch, type Launched } from '../../scripts/lib/launcher.ts'
import { freePort } from '../../scripts/lib/ports.ts'
import { residentMemory } from './memory.ts'

/** A launched Atelier, with a client of its API and of the emulators. */
export interface Bench {
  launched: Launched
  url: string
  /** Sets the latency of every provider call, in ms. */
  latency(ms: number): Promise<void>
  /** Resets the emulators, because a Discord server has at most 500 channels. */
  reset(): Promise<void>
  /** Sends a request, again when the server has too much to do. @throws if it is refused */
  send<T>(method: string, path: string, body?: unknown): Promise<T>
  post(path: string, body: unknown): Promise<{ id: string, run: { id: string } }>
  /** One connection to a stream of server-sent events. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>
  /** Waits until a run has ended. @throws unless it completed */
  waitForRun(runId: string): Promise<void>
  /** Reads and clears the emulators' logs of calls. */
  drainCalls(): Promise<{ operation: string, subject: string }[]>
  /** Resident memory of the server process, MB. */
  memory(): number
}

/**
 * Launches Atelier as `npm start` does, in its own data folder and on its own port.
 * @param launchAtelier the launcher of another checkout
 */
export async function startBench(dataDir: string, stack: AsyncDisposableStack, launchAtelier = launch): Promise<Bench> {
  process.env.ATELIER_DATA_DIR = dataDir
  process.env.PORT = String(await freePort())
  const launched = await launchAtelier({ mode: 'production', log: () => {}, quiet: true }, stack)
  const url = launched.settings.url
  const headers = { 'x-api-key': launched.apiKey ?? '', 'content-type': 'application/json' }
  const controls = Object.values(launched.emulators!).map(({ url, token }) => createControl(url, token))

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    if (response.status === 429) {
      await wait(Number(response.headers.get('retry-after')) * 1000)
      return send(method, path, body)
    }
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return await response.json() as T
  }

  async function waitForRun(runId: string) {
    const response = await fetch(`${url}/api/runs/${runId}/events`, { headers })
    let last = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) last = (last + chunk).slice(-200_000)
    if (!last.includes('event: end')) throw new Error('The stream of the run broke.')
    const { status, error } = await send<{ status: string, error: unknown }>('GET', `/api/runs/${runId}`)
    if (status !== 'completed') throw new Error(`The run is ${status}: ${JSON.stringify(error)}`)
  }

  return {
    launched,
    url,
    send,
    waitForRun,
    stream: async (path, signal) => (await fetch(url + path, { headers, signal })).body!,
    post: (path, body) => send('POST', path, body),
    latency: async (ms) => {
      for (const control of controls) await control.latency(ms)
    },
    reset: async () => {
      for (const control of controls) await control.reset()
    },
    drainCalls: async () => (await Promise.all(controls.map(async (control) => {
      const calls = await control.calls()
      await control.clearCalls()
      return calls
    }))).flat(),
    memory: () => residentMemory(launched.serverPid()!),
  }
}
