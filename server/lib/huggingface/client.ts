import { huggingfaceConfig } from '../env'
import { callRest, type RestCall, type RestService } from '../rest'
import { costOf } from './limits'

const HUB: RestService = {
  id: 'HUGGINGFACE',
  name: 'Hugging Face',
  messages: { credential: 'HUGGINGFACE_TOKEN_REFUSED', forbidden: 'HUGGINGFACE_FORBIDDEN', missing: 'HUGGINGFACE_NOT_FOUND' },
  statusPage: 'https://status.huggingface.co',
  apiUrlVariable: 'HF_API_URL',
}

interface Payload {
  json?: object
  /** Of a commit: one value a line. */
  lines?: object[]
}

/** One call to the Hub. */
export function hub<T>(action: string, method: RestCall['method'], path: `/${string}`, { json, lines }: Payload = {}): Promise<T> {
  const { token, apiUrl } = huggingfaceConfig()
  return callRest<T>(HUB, {
    action,
    method,
    apiUrl,
    path,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json && { 'content-type': 'application/json' }),
      ...(lines && { 'content-type': 'application/x-ndjson' }),
    },
    body: json ? JSON.stringify(json) : lines?.map(line => JSON.stringify(line)).join('\n'),
    cost: costOf(action),
  })
}

/** The address of the web pages: that of the API. */
export const hubPages = () => huggingfaceConfig().apiUrl
