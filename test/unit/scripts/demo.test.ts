import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../../../scripts/demo/client.ts'
import { demoCourses, idempotencyKey } from '../../../scripts/demo/courses.ts'
import { follow, isSettled } from '../../../scripts/demo/follow.ts'
import { changedSteps, Display, duration, renderRun } from '../../../scripts/demo/progress.ts'
import { groupRuns } from '../../../scripts/demo/group-runs.ts'
import { table } from '../../../scripts/demo/table.ts'
import type { Run, RunStatus, Step } from '../../../shared/schemas/run.ts'

const aStep = (step: Partial<Step> = {}): Step => ({
  name: 'CREATE_GROUP_REPOS',
  title: 'Group repositories',
  order: 1,
  status: 'running',
  attempts: 1,
  done: 1,
  total: 4,
  error: null,
  startedAt: '2026-11-20T10:00:00.000Z',
  finishedAt: null,
  items: [],
  ...step,
})

const aRun = (status: RunStatus, steps: Step[] = []): Run => ({
  id: '00000000-0000-4000-8000-000000000001',
  workflow: 'provision-course',
  workflowTitle: 'Provision a course',
  subjectType: 'course',
  subjectId: '00000000-0000-4000-8000-000000000002',
  status,
  actor: 'owner',
  requestId: null,
  rootRunId: '00000000-0000-4000-8000-000000000001',
  retryOf: null,
  rollbackOf: null,
  supersededBy: null,
  error: null,
  queuedBehind: null,
  createdAt: '2026-11-20T10:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  output: null,
  waits: [],
  limitedBy: null,
  steps,
})

/** A server on a free port with the test's answers. @returns a client of it */
async function serve(answer: (path: string, response: ServerResponse) => void) {
  const server = createServer((request, response) => answer(request.url ?? '', response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'key')
}

describe('follow', () => {
  it('reconnects after a broken stream until the run has ended', async () => {
    let streams = 0
    const client = await serve((path, response) => {
      if (!path.endsWith('/events')) return response.end(JSON.stringify(aRun('running')))
      streams++
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: run\ndata: ${JSON.stringify(aRun(streams === 3 ? 'completed' : 'running'))}\n\n`, () => {
        if (streams < 3) response.destroy()
      })
    })
    const seen: RunStatus[] = []
    const last = await follow(client, 'x', run => seen.push(run.status), isSettled)
    expect(last.status).toBe('completed')
    expect(streams).toBe(3)
    expect(seen.filter(status => status === 'completed')).toHaveLength(1)
  })

  it('ignores other events, such as a keepalive', async () => {
    const client = await serve((path, response) => {
      if (!path.endsWith('/events')) return response.end(JSON.stringify(aRun('running')))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: ping\ndata: \n\nevent: run\ndata: ${JSON.stringify(aRun('failed'))}\n\n`)
    })
    expect((await follow(client, 'x', () => {}, isSettled)).status).toBe('failed')
  })
})

describe('the client', () => {
  it('retries while the server is unavailable, and fails with the message of a refusal', async () => {
    let calls = 0
    const client = await serve((_, response) => {
      calls++
      if (calls === 1) return response.destroy()
      if (calls === 2) return response.writeHead(503).end()
      response.writeHead(409).end(JSON.stringify({ detail: 'It is taken.', fix: 'Use another.' }))
    })
    await expect(client.post('/api/courses', {}, 'k')).rejects.toThrow('POST /api/courses: It is taken. Use another.')
    expect(calls).toBe(3)
  })
})

describe('findOrCreate', () => {
  it('searches again after a lost response', async () => {
    const existing: string[] = []
    const client = await serve((_, response) => {
      existing.push('created')
      response.destroy()
    })
    const found = await client.findOrCreate(() => Promise.resolve(existing[0]), '/api/projects', {})
    expect([found, existing]).toEqual(['created', ['created']])
  })
})

describe('the display', () => {
  it('shows only steps that have changed', () => {
    const before = aRun('running', [aStep(), aStep({ name: 'SEED', status: 'pending', done: 0 })])
    const after = aRun('running', [aStep({ done: 2 }), aStep({ name: 'SEED', status: 'pending', done: 0 })])
    expect(changedSteps({ name: 'Lab', run: before }, before)).toEqual([])
    const [line, ...others] = changedSteps({ name: 'Lab', run: after }, before)
    expect(line).toMatch(/^Lab {2}● Group repositories +2\/4/)
    expect(others).toEqual([])
  })

  it('shows the attempt and the error of a failed step', () => {
    const error = { code: 'X', message: 'The name is taken.', why: '', fix: '' }
    const [line] = changedSteps({ name: 'Lab', run: aRun('failed', [aStep({ status: 'failed', attempts: 5, error })]) })
    expect(line).toContain('attempt 5  The name is taken.')
  })

  it('renders a progress bar of all items, and fits into the terminal', () => {
    const run = aRun('running', [aStep({ done: 2 }), aStep({ title: 'x'.repeat(200), done: 1 })])
    const lines = renderRun({ name: 'Lab', run }, 60).map(stripVTControlCharacters)
    expect(lines[0]).toMatch(/^Lab {2}█{9}░{15} 3\/8 {2}running$/)
    expect(lines.every(line => line.length < 60)).toBe(true)
  })

  it('redraws in place on a terminal', () => {
    const out = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 40 })
    const display = new Display(out as unknown as NodeJS.WriteStream, ['Lab'])
    display.update({ name: 'Lab', run: aRun('running', [aStep()]) })
    display.update({ name: 'Lab', run: aRun('running', [aStep({ done: 2 })]) })
    const text = String(out.read())
    expect(text.split('\u001B[3A\u001B[J')).toHaveLength(2)
  })

  it('shows several runs as steps of one, which completes when all have completed', () => {
    const out = Object.assign(new PassThrough(), { isTTY: false })
    const show = groupRuns('Portal', new Display(out as unknown as NodeJS.WriteStream, ['Portal']))
    const another = { id: '00000000-0000-4000-8000-000000000003' }
    show('First task', aRun('running', [aStep({ done: 1, total: 3 })]))
    const completed = aRun('completed', [aStep({ done: 1, total: 1 }), aStep({ done: 2, total: 2 })])
    show('Second task', { ...completed, ...another })
    show('First task', aRun('completed', [aStep({ done: 3, total: 3 })]))
    expect(String(out.read()).split('\n').map(line => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['Portal', '● First task', '1/3'], ['Portal', '✔ Second task', '3/3'], ['Portal', '✔ First task', '3/3'], [''],
    ])
  })

  it.for([
    [null, null, ''],
    ['2026-11-20T10:00:00.000Z', '2026-11-20T10:00:01.260Z', '1.3 s'],
    ['2026-11-20T10:00:01.000Z', '2026-11-20T10:00:00.000Z', '0.0 s'],
  ] as const)('formats the time from %s to %s as "%s"', ([from, to, text]) => {
    expect(duration(from, to)).toBe(text)
  })
})

it('formats a table with columns as wide as their widest cell', () => {
  const lines = table(['a', 'name'], [['long cell', 'x'], ['y', '']])
  expect(lines.map(stripVTControlCharacters)).toEqual(['a          name', '─────────  ────', 'long cell  x', 'y'])
})

it('gives each course of the demo its own key, the same at every start', () => {
  const keys = demoCourses.map(idempotencyKey)
  expect(new Set(keys).size).toBe(demoCourses.length)
  expect(structuredClone(demoCourses).map(idempotencyKey)).toEqual(keys)
})
