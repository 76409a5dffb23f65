import { setResponseHeader } from 'h3'
import { handle } from '../http/handle'
import { describeMetrics } from '../http/metrics'

export default handle('getMetrics', async ({ event }) => {
  const text = await describeMetrics()
  setResponseHeader(event, 'content-type', 'text/plain; version=0.0.4; charset=utf-8')
  return text
})
