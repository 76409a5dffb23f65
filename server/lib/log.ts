import pino from 'pino'
import { logLevel } from './env'
import { redact } from './redact'

/** Structured log on stdout. It redacts credentials that are logged by mistake. */
export const log = pino({
  level: logLevel(),
  base: undefined,
  serializers: { error: (error: Error) => plain(pino.stdSerializers.err(error)) },
  redact: { paths: ['*.token', '*.apiKey', '*.authorization', '*.cookie', '*["x-api-key"]'], censor: '[redacted]' },
})

/** The texts of an error, redacted, without the values of a query. */
const plain = (error: object): object =>
  Object.fromEntries(Object.entries(error).flatMap(([name, text]) => typeof text === 'string' ? [[name, redact(text)]] : []))
