import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { RunSummary } from '../../shared/schemas/run.ts'
import type { Bench } from './bench.ts'

/** Watches all runs with one stream, because a stream for each run would distort the measurement. */
export interface RunWatcher extends AsyncDisposable {
  /** Waits until these runs have ended. @throws unless all completed */
  waitFor: (runIds: string[]) => Promise<void>
}

/** Watches runs from now on. */
export async function watchRuns(bench: Bench): Promise<RunWatcher> {
  const endings = new Map<string, PromiseWithResolvers<RunSummary>>()
  const endingOf = (id: string) => endings.get(id) ?? endings.set(id, Promise.withResolvers()).get(id)!
  const stop = new AbortController()
  const stream = await bench.stream('/api/events', stop.signal)
  const reading = (async () => {
    const events = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    for await (const { event, data } of events) {
      const run = event === 'run' ? JSON.parse(data) as RunSummary : undefined
      if (run?.finishedAt) endingOf(run.id).resolve(run)
    }
  })().catch(() => {})
  return {
    waitFor: async (runIds) => {
      for (const { id, status, error } of await Promise.all(runIds.map(id => endingOf(id).promise))) {
        if (status !== 'completed') throw new Error(`The run ${id} is ${status}: ${JSON.stringify(error)}`)
      }
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await reading
    },
  }
}
