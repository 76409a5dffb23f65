import { EventSourceParserStream } from 'eventsource-parser/stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Run } from '../../shared/schemas/run.ts'
import type { Client } from './client.ts'

const PAUSE_MS = 250

/** Whether a run is over, or goes on only when a person does something. */
export const isSettled = ({ status }: Run): boolean => ['completed', 'failed', 'cancelled', 'waiting'].includes(status)

async function* states(client: Client, runId: string): AsyncGenerator<Run> {
  const body = await client.stream(`/api/runs/${runId}/events`)
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  // Others are `ping`, which keeps the connection open, and `end`.
  for await (const { event, data } of events) if (event === 'run') yield JSON.parse(data) as Run
}

/** Follows a run until `until` says so; a stream that breaks off is opened again. */
export async function follow(client: Client, runId: string, onRun: (run: Run) => void, until: (run: Run) => boolean): Promise<Run> {
  for (;;) {
    const now = await client.get<Run>(`/api/runs/${runId}`)
    onRun(now)
    if (until(now)) return now
    try {
      for await (const run of states(client, runId)) {
        onRun(run)
        if (until(run)) return run
      }
    }
    catch {
      // The server went away in the middle; the next look waits until it is back.
    }
    await wait(PAUSE_MS)
  }
}
