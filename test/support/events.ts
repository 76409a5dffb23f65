import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { Atelier } from './atelier.ts'
import { until } from './until.ts'

export interface StreamEvent { name: string, data: unknown }

/**
 * Follows a stream of server-sent events. It does not connect again by itself, so that a
 * test sees what one connection tells.
 */
export async function follow({ server, apiKey }: { server: Pick<Atelier['server'], 'url'>, apiKey: string }, path: string) {
  const aborted = new AbortController()
  const response = await fetch(server.url + path, {
    headers: { 'x-api-key': apiKey, 'accept': 'text/event-stream' }, signal: aborted.signal,
  })
  const events: StreamEvent[] = []
  const ended = (async () => {
    const messages = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    for await (const { event, data } of messages)
      if (event !== 'ping') events.push({ name: event ?? '', data: JSON.parse(data) })
  })().catch((error: unknown) => {
    if (!aborted.signal.aborted) throw error
  })
  return {
    response,
    events,
    /** Resolves when the server ends the stream. */
    ended,
    /** Waits for an event that satisfies. */
    heard: <T>(satisfies: (data: T, name: string) => boolean, patience?: number) => until(
      () => events.find(({ name, data }) => satisfies(data as T, name)),
      { patience, what: () => `an event among ${JSON.stringify(events).slice(-2_000)}` },
    ),
    close: async () => {
      aborted.abort()
      await ended
    },
  }
}
