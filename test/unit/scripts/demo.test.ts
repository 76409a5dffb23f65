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
import { Display, duration, movedSteps, picture } from '../../../scripts/demo/progress.ts'
import { together } from '../../../scripts/demo/together.ts'
import { table } from '../../../scripts/demo/table.ts'
import type { Run, RunStatus, Step } from '../../../shared/schemas/run.ts'

const aStep = (step: Partial<Step> = {}): Step => ({
  name: 'CREATE_GROUP_REPOS', title: 'Group repositories', order: 1, status: 'running', attempts: 1, done: 1, total: 4, error: null,
  startedAt: '2026-11-20T10:00:00.000Z', finishedAt: null, items: [], ...step,
})

const aRun = (status: RunStatus, steps: Step[] = []): Run => ({
  id: '00000000-0000-4000-8000-000000000001', workflow: 'provision-course', subjectType: 'course', subjectId: '00000000-0000-4000-8000-000000000002',
  status, retryOf: null, rollbackOf: null, error: null, queuedBehind: null, result: null, createdAt: '2026-11-20T10:00:00.000Z', startedAt: null, finishedAt: null, limitedBy: null, steps,
})

/** A server on a free port that answers as the test says. */
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
  it('opens a stream again that breaks off, until the run is over', async () => {
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

  it('passes over what is no run, such as a keepalive', async () => {
    const client = await serve((path, response) => {
      if (!path.endsWith('/events')) return response.end(JSON.stringify(aRun('running')))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: ping\ndata: \n\nevent: run\ndata: ${JSON.stringify(aRun('failed'))}\n\n`)
    })
    expect((await follow(client, 'x', () => {}, isSettled)).status).toBe('failed')
  })
})

describe('the client', () => {
  it('asks again while the server is away, and says what a refusal says', async () => {
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

describe('what is found or made', () => {
  it('is looked for again when the answer to making it was lost', async () => {
    const there: string[] = []
    const client = await serve((_, response) => {
      there.push('made')
      response.destroy()
    })
    const found = await client.findOrMake(() => Promise.resolve(there[0]), '/api/projects', {})
    expect([found, there]).toEqual(['made', ['made']])
  })
})

describe('the display', () => {
  it('tells only of steps that moved', () => {
    const before = aRun('running', [aStep(), aStep({ name: 'SEED', status: 'pending', done: 0 })])
    const after = aRun('running', [aStep({ done: 2 }), aStep({ name: 'SEED', status: 'pending', done: 0 })])
    expect(movedSteps({ name: 'Lab', run: before }, before)).toEqual([])
    const [line, ...others] = movedSteps({ name: 'Lab', run: after }, before)
    expect(line).toMatch(/^Lab {2}● Group repositories +2\/4/)
    expect(others).toEqual([])
  })

  it('names the attempt and the reason of what fails', () => {
    const error = { code: 'X', message: 'The name is taken.', why: '', fix: '' }
    const [line] = movedSteps({ name: 'Lab', run: aRun('failed', [aStep({ status: 'failed', attempts: 5, error })]) })
    expect(line).toContain('attempt 5  The name is taken.')
  })

  it('draws a bar of all items and keeps within the terminal', () => {
    const lines = picture({ name: 'Lab', run: aRun('running', [aStep({ done: 2 }), aStep({ title: 'x'.repeat(200), done: 1 })]) }, 60).map(stripVTControlCharacters)
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

  it('shows several runs as lines of one, which is done when all are', () => {
    const out = Object.assign(new PassThrough(), { isTTY: false })
    const show = together('Portal', new Display(out as unknown as NodeJS.WriteStream, ['Portal']))
    const another = { id: '00000000-0000-4000-8000-000000000003' }
    show('First task', aRun('running', [aStep({ done: 1, total: 3 })]))
    show('Second task', { ...aRun('completed', [aStep({ done: 1, total: 1 }), aStep({ done: 2, total: 2 })]), ...another })
    show('First task', aRun('completed', [aStep({ done: 3, total: 3 })]))
    expect(String(out.read()).split('\n').map(line => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['Portal', '● First task', '1/3'], ['Portal', '✔ Second task', '3/3'], ['Portal', '✔ First task', '3/3'], [''],
    ])
  })

  it.for([[null, null, ''], ['2026-11-20T10:00:00.000Z', '2026-11-20T10:00:01.260Z', '1.3 s'], ['2026-11-20T10:00:01.000Z', '2026-11-20T10:00:00.000Z', '0.0 s']] as const)('gives the time from %s to %s as "%s"', ([from, to, text]) => {
    expect(duration(from, to)).toBe(text)
  })
})

it('lays a table out in columns as wide as their widest cell', () => {
  expect(table(['a', 'name'], [['long cell', 'x'], ['y', '']]).map(stripVTControlCharacters)).toEqual(['a          name', '─────────  ────', 'long cell  x', 'y'])
})

it('gives each course of the demo a key of its own, the same at every start', () => {
  const keys = demoCourses.map(idempotencyKey)
  expect(new Set(keys).size).toBe(demoCourses.length)
  expect(structuredClone(demoCourses).map(idempotencyKey)).toEqual(keys)
})
