import { huggingfaceConfig } from '../env'
import { callRest, type RestCall, type RestService } from '../rest'
import { costOf } from './limits'

const HUB: RestService = {
  id: 'HUGGINGFACE',
  name: 'Hugging Face',
  credential: { why: 'HF_TOKEN is wrong, was revoked or has expired.', fix: 'Make a new token with the role write at https://huggingface.co/settings/tokens, set HF_TOKEN, start again and try again.' },
  forbidden: 'Give the token the role write, and its owner the right to write in this namespace, then try again.',
  missing: 'Correct the namespace/name of the repository, or give the token of HF_TOKEN access to it, and try again.',
  status: 'https://status.huggingface.co',
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

/** Where people see the Hub: at the address of its API. */
export const hubPages = () => huggingfaceConfig().apiUrl
