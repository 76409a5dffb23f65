import { figmaConfig } from '../env'
import { callRest, type RestService } from '../rest'
import { costOf } from './limits'

const FIGMA: RestService = {
  id: 'FIGMA',
  name: 'Figma',
  messages: { credential: 'FIGMA_TOKEN_REFUSED', forbidden: 'FIGMA_FORBIDDEN', missing: 'FIGMA_NOT_FOUND' },
  statusPage: 'https://status.figma.com',
  apiUrlVariable: 'FIGMA_API_URL',
  refusesCredential: ({ status, text }) => status === 403 && /invalid token|token expired/i.test(text),
}

/** One call that reads something of Figma. */
export function figma<T>(action: string, path: `/${string}`): Promise<T> {
  const { token, apiUrl } = figmaConfig()
  return callRest<T>(FIGMA, { action, method: 'GET', apiUrl, path, headers: { 'x-figma-token': token }, cost: costOf(action) })
}

/** Where people see what the API speaks of. */
export function figmaPages(): string {
  const { protocol, host } = new URL(figmaConfig().apiUrl)
  return `${protocol}//${host.replace(/^api\./, 'www.')}`
}
