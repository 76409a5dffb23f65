import { describe, expect, it } from 'vitest'
import { laboratory } from '../support/courses.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { until } from '../support/until.ts'

/** The value of a sample of the text format, by its name and labels in any order. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number {
  const line = text.split('\n').find(line => line.startsWith(name)
    && Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
  return line ? Number(line.slice(line.lastIndexOf(' ') + 1)) : Number.NaN
}

describe('/metrics', () => {
  const atelier = useSharedAtelier()
  const scrape = (headers: Record<string, string> = { 'x-api-key': atelier.apiKey }) => fetch(`${atelier.server.url}/metrics`, { headers })

  it('is for keys alone', async () => {
    expect((await scrape({})).status).toBe(401)
    expect((await scrape()).headers.get('content-type')).toMatch(/^text\/plain/)
  })

  it('counts runs, attempts, calls, the queue, what limits allow, repairs, the clock and the process', async () => {
    const { body: { id } } = await atelier.api.createCourse(laboratory('Measured', 1))
    await atelier.api.reached(id, 'COMPLETED')
    const completed = { workflow: 'provision-course', status: 'completed' }
    const text = await until(async () => {
      const text = await (await scrape()).text()
      return valueOf(text, 'atelier_runs', completed) > 0 ? text : undefined
    }, { what: () => 'the completed run among the metrics' })
    expect(valueOf(text, 'atelier_provider_calls_total', { service: 'GITHUB', result: 'success' })).toBeGreaterThan(0)
    expect(valueOf(text, 'atelier_step_attempt_seconds_count', { workflow: 'provision-course', outcome: 'done' })).toBeGreaterThan(0)
    expect(valueOf(text, 'atelier_run_queue_seconds_count', { workflow: 'provision-course' })).toBeGreaterThan(0)
    expect(valueOf(text, 'atelier_queue_length')).toBeGreaterThanOrEqual(0)
    expect(Math.abs(valueOf(text, 'atelier_clock_skew_seconds'))).toBeLessThan(5)
    expect(valueOf(text, 'atelier_runtime_connections', { state: 'idle' })).toBeGreaterThanOrEqual(0)
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(text, 'it names no course, repository or person').not.toMatch(/measured/i)
  })
})
