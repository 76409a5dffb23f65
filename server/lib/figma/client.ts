import { figmaConfig } from '../env'
import { callRest, type RestService } from '../rest'
import { costOf } from './limits'

const FIGMA: RestService = {
  id: 'FIGMA',
  name: 'Figma',
  credential: { why: 'FIGMA_TOKEN is wrong, was revoked or has expired.', fix: 'Make a new token with the scope projects:read in Figma, under Settings, Security, Personal access tokens; set FIGMA_TOKEN, start again and try again.' },
  forbidden: 'Give the token the scope projects:read, and its owner a seat in the team, then try again.',
  missing: 'Correct the id of the team (the number after /team/ in the address of its page), or invite the owner of FIGMA_TOKEN to it, and try again.',
  status: 'https://status.figma.com',
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
