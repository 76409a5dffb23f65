import { sandboxConfig } from '../env'
import { ProviderError, providerError } from '../errors'
import { type RestService, streamRest } from '../rest'
import { costOf } from './limits'

const SANDBOX: RestService = {
  id: 'SANDBOX',
  name: 'Vercel Sandbox',
  messages: { credential: 'SANDBOX_TOKEN_REFUSED', forbidden: 'SANDBOX_FORBIDDEN', missing: 'SANDBOX_NOT_FOUND' },
  gone: 'SANDBOX_STOPPED',
  statusPage: 'https://www.vercel-status.com',
  apiUrlVariable: 'VERCEL_SANDBOX_API_URL',
}

/** The address that the SDK asks, whatever is configured. */
const SDK_URL = 'https://vercel.com/api'
/** The SDK answers a missing file with null. */
const READ_FILE = 'SANDBOX_READ_FILE'

/** What each call is named in the audit, by its method and path. */
const ACTIONS: readonly [RegExp, string][] = [
  [/^POST \/v\d\/sandboxes$/, 'SANDBOX_CREATE'],
  [/^GET \/v\d\/sandboxes$/, 'SANDBOX_LIST'],
  [/^POST .*\/cmd$/, 'SANDBOX_RUN_COMMAND'],
  [/^POST .*\/cmd\/[^/]+\/kill$/, 'SANDBOX_KILL_COMMAND'],
  [/^GET .*\/cmd\/[^/]+\/logs$/, 'SANDBOX_READ_LOGS'],
  [/^GET .*\/cmd\/[^/]+$/, 'SANDBOX_GET_COMMAND'],
  [/^POST .*\/fs\/write$/, 'SANDBOX_WRITE_FILES'],
  [/^POST .*\/fs\/read$/, READ_FILE],
  [/^POST .*\/stop$/, 'SANDBOX_STOP'],
  [/^POST .*\/snapshot$/, 'SANDBOX_SNAPSHOT'],
  [/^DELETE .*/, 'SANDBOX_DELETE'],
]

const actionOf = (call: string) => ACTIONS.find(([form]) => form.test(call))?.[1] ?? 'SANDBOX_GET'

/**
 * An error on its way through the SDK. By this name the SDK takes it for an end, and does not send the call again:
 * a command must not run twice, and what waits is the step.
 */
class Ended extends Error {
  override name = 'AbortError'
}

/** The SDK's requests go through `streamRest` like those of every service. */
async function send(input: string | URL | Request, init: RequestInit & { dispatcher?: unknown } = {}): Promise<Response> {
  const { dispatcher: _, ...request } = init
  const address = String(input).replace(SDK_URL, '')
  const path = address as `/${string}`
  const target = `${init.method} ${address.split('?')[0]}`
  const action = actionOf(target)
  try {
    const passes = action === READ_FILE ? [404] : []
    return await streamRest(SANDBOX, { action, apiUrl: sandboxConfig().apiUrl, path, target, init: request, cost: costOf(action), passes })
  }
  catch (error) {
    throw new Ended('The call ended.', { cause: error })
  }
}

/** What every static function of the SDK takes. */
export function connection() {
  const { token, teamId, projectId } = sandboxConfig()
  return { token, teamId, projectId, fetch: send as typeof globalThis.fetch }
}

/** The SDK, loaded at the first use: most servers never need it. */
export const sdk = () => import('@vercel/sandbox')

/** Does something with the SDK. @throws ProviderError where it fails */
export async function calling<T>(target: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  }
  catch (error) {
    throw asProviderError(target, error)
  }
}

function asProviderError(target: string, error: unknown): unknown {
  if (error instanceof ProviderError) return error
  if (error instanceof Ended) return error.cause
  const said = error instanceof Error ? error.message : String(error)
  const { code } = Object(error) as { code?: unknown }
  if (code === 'sandbox_stopped') return providerError('SANDBOX_STOPPED', { target, said }, { cause: error })
  const { name: service, statusPage, apiUrlVariable: variable } = SANDBOX
  return providerError('SERVICE_UNREACHABLE', { service, target, said, statusPage, variable }, { cause: error })
}
