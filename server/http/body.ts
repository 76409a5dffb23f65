import { getRequestHeader, type H3Event } from 'h3'
import { problem } from './problem'

/** 1 MB, as every body here is far smaller. */
const MAX_BYTES = 1_000_000

/**
 * Reads a JSON body.
 * @throws 413 over 1 MB, 415 for another type, 400 when it is not valid JSON or breaks off
 */
export async function readJson(event: H3Event): Promise<unknown> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) throw type ? problem('NOT_JSON', { type }) : problem('CONTENT_TYPE_MISSING')
  const text = await readText(event)
  try {
    return JSON.parse(text)
  }
  catch (error) {
    throw problem('MALFORMED_JSON', { reason: (error as Error).message })
  }
}

async function readText(event: H3Event): Promise<string> {
  if (Number(getRequestHeader(event, 'content-length')) > MAX_BYTES) throw tooLarge(event)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Not destroyed when reading stops early: the answer needs the same connection.
    for await (const chunk of event.node.req.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length
      if (bytes > MAX_BYTES) break
      chunks.push(chunk as Buffer)
    }
  }
  catch {
    throw cutOff()
  }
  if (bytes > MAX_BYTES) throw tooLarge(event)
  return Buffer.concat(chunks).toString('utf8')
}

/** The sender is gone, so nobody reads this. It is not our failure, and must not be logged as one. */
const cutOff = () => problem('BODY_CUT_OFF')

/** Discards the rest of the body: a sender that is cut off while it sends never sees the answer. */
function tooLarge(event: H3Event) {
  event.node.req.resume()
  return problem('BODY_TOO_LARGE')
}
