import { EventSourceParserStream } from 'eventsource-parser/stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Run } from '../../shared/schemas/run.ts'
import type { Client } from './client.ts'

const RECONNECT_DELAY_MS = 250

/** Whether a run has ended, or waits for a person. */
export const isSettled = ({ status }: Run): boolean => ['completed', 'failed', 'cancelled', 'waiting'].includes(status)

async function* states(client: Client, runId: string): AsyncGenerator<Run> {
  const body = await client.stream(`/api/runs/${runId}/events`)
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  // The other events are `ping`, a keepalive, and `end`.
  for await (const { event, data } of events) if (event === 'run') yield JSON.parse(data) as Run
}

/** Follows the events of a run until `until` returns true. Reconnects after a broken stream. */
export async function follow(
  client: Client,
  runId: string,
  onRun: (run: Run) => void,
  until: (run: Run) => boolean,
): Promise<Run> {
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
      // The stream broke. The next `get` waits until the server is available.
    }
    await wait(RECONNECT_DELAY_MS)
  }
}
