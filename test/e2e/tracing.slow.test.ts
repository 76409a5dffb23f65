import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { DISCORD_BOT_TOKEN, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import { own } from '../../scripts/lib/own.ts'
import { type Atelier, startAtelier } from '../support/atelier.ts'
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts'
import { laboratory } from '../support/courses.ts'
import { temporaryFolder, useStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const SERVER = 2
const CLIENT = 3
const ERROR = 2
const COLLECTOR_KEY = 'planted-collector-key-0123456789abcdef'
const traceOf = (runId: string) => runId.replaceAll('-', '')

const start = (stack: AsyncDisposableStack, collector: Collector, env: Record<string, string> = {}) => own(
  stack,
  () => startAtelier({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_HEADERS: `api-key=${COLLECTOR_KEY}`, ...env },
  }),
  started => started.close(),
)

/** The spans of a run once its own span is there, and those that ended before it with it. */
const spansOfRun = (collector: Collector, runId: string) => until(() => {
  const spans = collector.spans.filter(({ traceId }) => traceId === traceOf(runId))
  return Promise.resolve(spans.some(({ name }) => name.startsWith('run ')) ? spans : undefined)
}, { what: () => `the span of the run among ${collector.spans.map(({ name }) => name).join(', ')}` })

/** Checks that each span of a run has its parent: call → attempt → run. */
function expectTree(spans: CollectedSpan[], runId: string): void {
  const root = spans.filter(({ name }) => name === 'run provision-course')
  expect(root.map(({ parentSpanId }) => parentSpanId || undefined)).toEqual([undefined])
  expect(root[0]!.attributes).toMatchObject({ 'atelier.run.id': runId, 'atelier.run.status': 'completed' })
  const steps = spans.filter(({ name }) => name.startsWith('step '))
  expect(steps.length).toBeGreaterThan(3)
  expect(steps.filter(({ parentSpanId }) => parentSpanId !== root[0]!.spanId)).toEqual([])
  const calls = spans.filter(({ kind }) => kind === CLIENT)
  expect(calls.length).toBeGreaterThan(5)
  const parents = new Set(steps.map(({ spanId }) => spanId))
  expect(calls.filter(({ parentSpanId }) => !parents.has(parentSpanId!))).toEqual([])
}

describe('with a collector', () => {
  const stack = useStack()
  let collector: Collector
  let atelier: Atelier
  beforeAll(async () => {
    collector = await own(stack, () => startCollector(), started => started.close())
    atelier = await start(stack, collector)
  })

  it('a request, its run, the attempts at steps and their calls are spans with the right parents, and say no secret', async () => {
    const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
    const { status, body } = await atelier.api.call<{ id: string, run: { id: string } }>('POST', '/api/courses', {
      body: laboratory('Traced', 1),
      headers: { 'x-api-key': atelier.apiKey, 'traceparent': `00-${caller.traceId}-${caller.spanId}-01` },
    })
    expect(status).toBe(202)
    await atelier.api.reached(body.id, 'COMPLETED')
    const runId = body.run.id
    const spans = await spansOfRun(collector, runId)
    expectTree(spans, runId)
    expect(spans.find(({ kind }) => kind === CLIENT)!.attributes).toMatchObject({
      'atelier.service': expect.any(String), 'atelier.action': expect.any(String), 'http.response.status_code': expect.any(Number),
    })

    const request = collector.spans.find(({ traceId }) => traceId === caller.traceId)!
    expect(request).toMatchObject({
      name: 'POST /api/courses', kind: SERVER, parentSpanId: caller.spanId,
      attributes: {
        'http.request.method': 'POST', 'http.route': '/api/courses', 'url.path': '/api/courses', 'http.response.status_code': 202,
      },
      service: { 'service.name': 'atelier' },
    })
    const root = spans.find(({ name }) => name.startsWith('run '))!
    expect(request.links).toMatchObject([{ traceId: root.traceId, spanId: root.spanId }])
    expect(spans.find(({ name }) => name === 'start provision-course')).toMatchObject({
      parentSpanId: root.spanId, links: [{ traceId: request.traceId, spanId: request.spanId }],
    })
  })

  it('a route is named as the contract writes it, and a query is not told', async () => {
    await atelier.api.call('GET', '/api/runs?page=1&pageSize=1&status=completed')
    await atelier.api.call('GET', '/api/courses/00000000-0000-4000-8000-000000000000')
    await until(async () => collector.spans.some(({ name, attributes }) =>
      name === 'GET /api/courses/{id}' && attributes['http.response.status_code'] === 404))
    expect(collector.spans.some(({ name, attributes }) => name === 'GET /api/runs' && attributes['url.path'] === '/api/runs')).toBe(true)
    expect(collector.spans.some(({ name }) => /health|events/.test(name))).toBe(false)
    const sent = collector.exports.map(({ text }) => text).join('\n')
    expect(sent).not.toContain('pageSize=')
    expect(collector.exports.every(({ headers }) => headers['api-key'] === COLLECTOR_KEY)).toBe(true)
    const secrets = [atelier.apiKey, COLLECTOR_KEY, atelier.databaseUrl, GITHUB_TOKEN, DISCORD_BOT_TOKEN, 'Bearer ', 'x-api-key']
    for (const secret of secrets) expect(sent.includes(secret), secret).toBe(false)
    expect(atelier.server.output()).not.toContain(COLLECTOR_KEY)
  })

  it('a call that failed is a failed span, by its status', async () => {
    await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'status', status: 502 })
    const { body } = await atelier.api.createCourse(laboratory('Failed once', 1))
    await atelier.api.reached(body.id, 'COMPLETED')
    const spans = await spansOfRun(collector, body.run.id)
    const failed = spans.filter(({ status }) => status?.code === ERROR)
    expect(failed.find(({ name }) => name === 'GITHUB_CREATE_REPO'))
      .toMatchObject({ attributes: { 'http.response.status_code': 502, 'error.type': '502' } })
  })

  it('a run that a killed process had begun stays one trace', async () => {
    await atelier.github.fault({ operation: 'repos/create-in-org', when: 'before', action: 'hold' })
    const { body } = await atelier.api.createCourse(laboratory('Killed', 2))
    const runId = body.run.id
    await until(async () => {
      const request = collector.spans.some(({ links = [] }) => links.some(({ traceId }) => traceId === traceOf(runId)))
      return request && collector.spans.some(({ traceId, kind }) => traceId === traceOf(runId) && kind === CLIENT)
    }, { what: () => 'the first spans of the run' })
    const before = collector.spans.find(({ traceId }) => traceId === traceOf(runId))!.service['service.instance.id']
    await atelier.server.kill()
    await atelier.github.removeFault()
    await atelier.server.start()
    await atelier.api.reached(body.id, 'COMPLETED', 60_000)
    const spans = await spansOfRun(collector, runId)
    expectTree(spans, runId)
    const processes = new Set(spans.map(({ service }) => service['service.instance.id']))
    expect(processes.size).toBe(2)
    expect(processes).toContain(before)
  })
})

describe('a collector that is in trouble', () => {
  it.each(['hang', 'refuse'] as const)('and does %s slows nothing down, nor the end of the server', async (behaviour) => {
    await using stack = new AsyncDisposableStack()
    const collector = await own(stack, () => startCollector(behaviour), started => started.close())
    const atelier = await start(stack, collector)
    const { body } = await atelier.api.createCourse(laboratory('Untold', 1))
    await atelier.api.reached(body.id, 'COMPLETED')
    await until(async () => collector.exports.length > 0)
    const began = performance.now()
    expect(await atelier.server.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

/** A hook that prints each module of OpenTelemetry that is loaded. */
const TELL = `
import { registerHooks } from 'node:module'
registerHooks({
  load(url, context, next) {
    if (url.includes('/@opentelemetry/')) console.log('loaded ' + url)
    return next(url, context)
  },
})`

it('nothing of the SDK is loaded without a collector', async () => {
  await using stack = new AsyncDisposableStack()
  const hook = join(await temporaryFolder(stack, 'atelier-tracing'), 'tell.mjs')
  await writeFile(hook, TELL)
  const NODE_OPTIONS = `--import=${pathToFileURL(hook).href}`
  const loaded = async (collector?: Collector) => {
    const atelier = collector
      ? await start(stack, collector, { NODE_OPTIONS })
      : await own(stack, () => startAtelier({ env: { NODE_OPTIONS } }), started => started.close())
    const { body } = await atelier.api.createCourse(laboratory('Loading', 1))
    await atelier.api.reached(body.id, 'COMPLETED')
    return new Set([...atelier.server.output().matchAll(/loaded \S*@opentelemetry\/([\w-]+)/g)].map(([, name]) => name!))
  }
  expect([...await loaded()].filter(name => name !== 'api')).toEqual([])
  const collector = await own(stack, () => startCollector(), started => started.close())
  expect([...await loaded(collector)]).toEqual(expect.arrayContaining(['sdk-trace', 'exporter-trace-otlp-http']))
})
