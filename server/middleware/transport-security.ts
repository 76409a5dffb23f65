import { defineEventHandler, setResponseHeader } from 'h3'
import { isHttps } from '../http/forwarded'

const YEAR_SECONDS = 365 * 24 * 3600

/** Behind https a browser never comes back by http. */
export default defineEventHandler((event) => {
  if (isHttps(event)) setResponseHeader(event, 'strict-transport-security', `max-age=${YEAR_SECONDS}`)
})
