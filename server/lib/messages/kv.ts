import type { Messages } from './message.ts'

const refused = ({ target, said }: { target: string, said: string }) => `KV refused ${target}: ${said}`

/** KV: the token and the database. */
export const kv = {
  KV_TOKEN_REFUSED: {
    code: 'PROVIDER_AUTHENTICATION',
    retryable: false,
    message: refused,
    why: 'KV_REST_API_TOKEN is wrong, or belongs to another database.',
    fix: 'Copy the REST token of the database at https://console.upstash.com. '
      + 'Set it as KV_REST_API_TOKEN, start Atelier again and try again.',
  },
  KV_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The token may not do this; a read-only token may not write.',
    fix: 'Set KV_REST_API_TOKEN to the token that may write, start Atelier again and try again.',
  },
  KV_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: refused,
    why: 'There is no database at the address.',
    fix: 'Copy the REST URL of the database at https://console.upstash.com. '
      + 'Set it as KV_REST_API_URL, start Atelier again and try again.',
  },
} as const satisfies Messages
