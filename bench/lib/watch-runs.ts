import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { RunSummary } from '../../shared/schemas/run.ts'
import type { Bench } from './atelier.ts'

/** Hears of all runs by one stream: one a run would be a good part of what is measured. */
export interface Watched extends AsyncDisposable {
  /** Resolves when all of these are over; rejects when one did not complete. */
  finished: (runIds: string[]) => Promise<void>
}

/** Watches from now on. */
export async function watchRuns(bench: Bench): Promise<Watched> {
  const over = new Map<string, PromiseWithResolvers<RunSummary>>()
  const waited = (id: string) => over.get(id) ?? over.set(id, Promise.withResolvers()).get(id)!
  const stop = new AbortController()
  const answer = await bench.stream('/api/events', stop.signal)
  const reading = (async () => {
    const events = answer.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    for await (const { event, data } of events) {
      const run = event === 'run' ? JSON.parse(data) as RunSummary : undefined
      if (run?.finishedAt) waited(run.id).resolve(run)
    }
  })().catch(() => {})
  return {
    finished: async (runIds) => {
      for (const { id, status, error } of await Promise.all(runIds.map(id => waited(id).promise)))
        if (status !== 'completed') throw new Error(`The run ${id} is ${status}: ${JSON.stringify(error)}`)
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await reading
    },
  }
}
