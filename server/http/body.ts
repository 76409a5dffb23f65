import { getRequestHeader, type H3Event } from 'h3'
import { problem } from './problem'
import { leavePlace } from './overload'
import { openBody } from './unfinished-bodies'

/** How large a body may be, and how long it may take to arrive. */
export interface BodyLimits { bytes: number, ms: number }

/** 1 MB, as every body here is far smaller. */
export const MEMBER_LIMITS: BodyLimits = { bytes: 1_000_000, ms: 10_000 }
/** For everybody who has not shown a key: a sign-in is a few hundred bytes. */
export const STRANGER_LIMITS: BodyLimits = { bytes: 4_000, ms: 5_000 }
/** A sender whose connection ends while it sends never sees the answer. It gets this time to read it. */
const LINGER_MS = 2_000

/**
 * Reads a JSON body. The request has no place among those under way until its body is there.
 * @param caller who sends it: the id of an actor, or an address
 * @throws 413 when it is too large, 408 when it takes too long, 415 for another type, 400 when it is not valid JSON or
 * breaks off, TooManyRequests
 */
export async function readJson(event: H3Event, caller: string, limits: BodyLimits = MEMBER_LIMITS): Promise<unknown> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) throw type ? problem('NOT_JSON', { type }) : problem('CONTENT_TYPE_MISSING')
  const text = await readText(event, caller, limits)
  try {
    return JSON.parse(text)
  }
  catch (error) {
    throw problem('MALFORMED_JSON', { reason: (error as Error).message })
  }
}

async function readText(event: H3Event, caller: string, limits: BodyLimits): Promise<string> {
  const takePlace = leavePlace(event.node.res)
  try {
    const text = await collect(event, caller, limits)
    takePlace()
    return text
  }
  catch (error) {
    if (!event.node.req.complete) discardRest(event)
    throw error
  }
}

async function collect(event: H3Event, caller: string, { bytes: max, ms }: BodyLimits): Promise<string> {
  const { req } = event.node
  if (Number(getRequestHeader(event, 'content-length')) > max) throw tooLarge(max)
  const body = openBody(caller)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const chunks: Buffer[] = []
  let bytes = 0
  const take = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > max) return reject(tooLarge(max))
    try {
      body.add(chunk.length)
      chunks.push(chunk)
    }
    catch (error) {
      reject(error as Error)
    }
  }
  const end = () => resolve(Buffer.concat(chunks).toString('utf8'))
  // The sender is gone, so nobody reads this. It is not our failure, and must not be logged as one.
  const breakOff = () => reject(problem('BODY_CUT_OFF'))
  const timer = setTimeout(() => reject(problem('BODY_TOO_SLOW', { seconds: ms / 1_000 })), ms)
  req.on('data', take).once('end', end).once('close', breakOff).on('error', breakOff)
  if (req.destroyed) breakOff()
  try {
    return await promise
  }
  finally {
    clearTimeout(timer)
    body.close()
    // The listener for errors stays: a connection that breaks while it is discarded is nobody's failure either.
    req.off('data', take).off('end', end).off('close', breakOff)
  }
}

/** Discards the rest of a body until the sender has seen the answer, and then ends the connection. */
function discardRest({ node: { req, res } }: H3Event): void {
  if (req.destroyed) return
  req.resume()
  if (!res.headersSent) res.setHeader('connection', 'close')
  res.once('finish', () => setTimeout(() => req.destroy(), LINGER_MS).unref())
}

const tooLarge = (bytes: number) =>
  problem('BODY_TOO_LARGE', { limit: bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1_000} kB` })
