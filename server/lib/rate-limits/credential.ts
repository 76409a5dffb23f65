import { createHmac } from 'node:crypto'

/** The id of a credential's budget: a hash that the credential itself is the key of, so that it tells nothing of it. */
export const rateLimiterId = (service: string, apiUrl: string, token: string): string =>
  createHmac('sha256', token).update(`atelier rate budget ${service} ${new URL(apiUrl).host}`).digest('hex').slice(0, 32)
