import pino from 'pino'
import { logLevel } from './env'
import { redact } from './redact'

/** Structured log on stdout. Credentials are redacted wherever they are logged by mistake. */
export const log = pino({
  level: logLevel(),
  base: undefined,
  serializers: { error: (error: Error) => plain(pino.stdSerializers.err(error)) },
  redact: { paths: ['*.token', '*.apiKey', '*.authorization', '*.cookie', '*["x-api-key"]'], censor: '[redacted]' },
})

/** What an error says, without the values of a query, and without what a provider should not have said. */
const plain = (error: object): object =>
  Object.fromEntries(Object.entries(error).filter(entry => typeof entry[1] === 'string').map(([name, text]) => [name, redact(text as string)]))
