import pino from 'pino'
import { logLevel } from './env'

/** Structured log on stdout. Credentials are redacted wherever they are logged by mistake. */
export const log = pino({
  level: logLevel(),
  base: undefined,
  serializers: { error: pino.stdSerializers.err },
  redact: { paths: ['*.token', '*.apiKey', '*.authorization', '*.cookie', '*["x-api-key"]'], censor: '[redacted]' },
})
