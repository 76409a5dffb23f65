import Ajv2020 from 'ajv/dist/2020.js'
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { operations, type Operation } from '../../shared/contract.ts'
import type { Workspace } from '../../shared/schemas/workspace.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { laboratory, lecture } from '../support/courses.ts'
import { follow } from '../support/events.ts'
import { assign, linkedChallenge, newContributor, newTask } from '../support/projects.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { until } from '../support/until.ts'

interface Description {
  openapi: string
  paths: Record<string, Record<string, {
    operationId: string
    security: unknown[]
    responses: Record<string, { content?: Record<string, { schema: object }> }>
  }>>
  components: { schemas: object, securitySchemes: object }
}

const atelier = useSharedAtelier()
let description: Description
const ajv = new Ajv2020({ strict: false, allErrors: true })
for (const format of ['uuid', 'date-time', 'uri']) ajv.addFormat(format, true)
beforeAll(async () => {
  const response = await fetch(`${atelier.server.url}/api/openapi.json`)
  expect(response.headers.get('content-type')).toContain('application/json')
  description = await response.json() as Description
  ajv.addSchema({ $id: 'api', ...description })
})

/** Checks an answer against what the description says of its operation and status. */
function expectDescribed(id: string, status: number, body: unknown) {
  const { path, method } = (operations as Record<string, Operation>)[id]!
  const described = description.paths[path]![method]!.responses[status]
  expect(described, `${id} ${status} is described`).toBeDefined()
  const type = status >= 400 ? 'application/problem+json' : Object.keys(described!.content ?? {})[0]
  if (!type) return
  const pointer = ['#', 'paths', path, method, 'responses', String(status), 'content', type, 'schema']
    .map(part => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')).replace('%23', '#'))
    .join('/')
  const check = ajv.getSchema(`api${pointer}`)!
  expect(check(body), `${id} ${status}: ${ajv.errorsText(check.errors)}`).toBe(true)
}

describe('the description', () => {
  it('is OpenAPI 3.1 with every operation, its security and its problems', () => {
    expect(description.openapi).toBe('3.1.0')
    const described = Object.entries(description.paths)
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`))
    expect(described.sort()).toEqual(Object.entries(operations).map(([id, { method, path }]) => `${id} ${method} ${path}`).sort())
    for (const [id, { method, path, role }] of Object.entries<Operation>(operations))
      expect(description.paths[path]![method]!.security, id).toEqual(role === 'anyone' ? [] : [{ apiKey: [] }, { session: [] }])
    expect(Object.keys(description.components.securitySchemes)).toEqual(['apiKey', 'session'])
    for (const reference of JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(Object.keys(description.components.schemas)).toContain(reference[1])
  })

  it('is kept by every good answer', async () => {
    const created = await atelier.api.createCourse(laboratory('Described', 2))
    expectDescribed('createCourse', created.status, created.body)
    const { id, run } = await atelier.api.reached(created.body.id, 'COMPLETED')
    const key = await atelier.api.call<{ id: string }>('POST', '/api/keys', { body: { name: 'Described', role: 'viewer' } })
    expectDescribed('createKey', key.status, key.body)
    const bound = await atelier.api.call('PUT', `/api/keys/${key.body.id}`, { body: { binding: { courses: [id] } } })
    expectDescribed('updateKey', bound.status, bound.body)
    expect(bound.status).toBe(200)
    for (const [operation, path] of [
      ['getCourse', `/api/courses/${id}`],
      ['listCourses', '/api/courses'],
      ['getCourseStatus', `/api/courses/${id}/status`],
      ['listCourseResources', `/api/courses/${id}/resources`],
      ['listAudit', '/api/audit'],
      ['listRuns', '/api/runs'],
      ['getRun', `/api/runs/${run.id}`],
      ['listRunResources', `/api/runs/${run.id}/resources`],
      ['listWorkflows', '/api/workflows'],
      ['listKeys', '/api/keys'],
      ['getSession', '/api/session'],
      ['listSessions', '/api/sessions'],
      ['getHealth', '/health'],
    ] as const) {
      const { status, body } = await atelier.api.call('GET', path)
      expect(status, operation).toBe(200)
      expectDescribed(operation, status, body)
    }
    const link = await atelier.api.call('POST', '/api/sessions/links')
    expectDescribed('createSignInLink', link.status, link.body)
    const session = await atelier.api.call('POST', '/api/session', { body: { apiKey: atelier.apiKey } })
    expectDescribed('signIn', session.status, session.body)
    const stream = await follow(atelier, `/api/runs/${run.id}/events`)
    await stream.ended
    expectDescribed('streamRun', 200, stream.events[0]!.data)
  })

  it('is kept by the answers of a course that failed', async () => {
    await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'failed-2026', when: 'before', action: 'status', status: 401 })
    const { body: { id } } = await atelier.api.createCourse(lecture('Failed'))
    expectDescribed('getCourse', 200, await atelier.api.reached(id, 'FAILED'))
    expectDescribed('getCourseStatus', 200, await atelier.api.status(id))
    const retried = await atelier.api.call('POST', `/api/courses/${id}/retry`)
    expectDescribed('retryCourse', retried.status, retried.body)
    const refused = await atelier.api.call('POST', `/api/courses/${id}/discord-server`, { body: { guildId: '1100000000000000001' } })
    expectDescribed('chooseDiscordServer', refused.status, refused.body)
    expect([retried.status, refused.status]).toEqual([202, 409])
  })

  it('is kept by the answers about challenges, tasks and workspaces', async () => {
    const { project, repos: [repo], challenge, links: [link] } = await linkedChallenge(atelier, 'Described', 'described')
    const task = await newTask(atelier, challenge, 'Describe')
    const user = await newContributor(atelier, 'Una Described')
    const assigned = await assign(atelier, task, user)
    expectDescribed('linkChallengeRepo', link!.provisioning.status === 'ready' ? 201 : 202, link)
    expectDescribed('assignTask', assigned.status, assigned.body)
    const at = {
      project: `/api/projects/${project.uuid}`,
      repo: `/api/repos/${repo!.uuid}`,
      challenge: `/api/challenges/${challenge.uuid}`,
      task: `/api/tasks/${task.uuid}`,
      user: `/api/contributors/${user.uuid}`,
      workspace: `/api/workspaces/${link!.provisioning.workspace_id}`,
    }
    for (const [operation, method, path, body] of [
      ['getProject', 'GET', at.project],
      ['listProjects', 'GET', '/api/projects'],
      ['updateProject', 'PUT', at.project, { title: 'Told' }],
      ['getRepo', 'GET', at.repo],
      ['listRepos', 'GET', '/api/repos'],
      ['updateRepo', 'PUT', at.repo, { title: 'Told' }],
      ['listRepoChallenges', 'GET', `${at.repo}/challenges`],
      ['getChallenge', 'GET', at.challenge],
      ['listChallenges', 'GET', '/api/challenges'],
      ['updateChallenge', 'PUT', at.challenge, { end_date: '2026-12-31' }],
      ['listChallengeRepos', 'GET', `${at.challenge}/repos`],
      ['getTask', 'GET', at.task],
      ['listTasks', 'GET', '/api/tasks'],
      ['updateTask', 'PUT', at.task, { description: 'Told' }],
      ['listTaskAssignees', 'GET', `${at.task}/assignees`],
      ['completeTask', 'PATCH', `${at.task}/complete`],
      ['getContributor', 'GET', at.user],
      ['listContributors', 'GET', '/api/contributors'],
      ['updateContributor', 'PUT', at.user, { full_name: 'Una' }],
      ['getWorkspace', 'GET', at.workspace],
      ['reprovisionWorkspace', 'POST', `${at.workspace}/reprovision`],
      ['listProviders', 'GET', '/api/providers'],
      ['unassignTask', 'DELETE', `${at.task}/assign?userId=${user.uuid}`],
      ['removeWorkspace', 'DELETE', at.workspace],
    ] as const) {
      await until(async () => (await atelier.api.call<Workspace>('GET', at.workspace)).body.run!.status === 'completed')
      const answer = await atelier.api.call(method, path, { body })
      expect(answer.status, operation).toBeLessThan(300)
      expectDescribed(operation, answer.status, answer.body)
    }
  })

  const guarded = Object.entries<Operation & { type?: string }>(operations).filter(([, { role, type }]) => role !== 'anyone' && !type)
  it.each(guarded)('is kept by the refusals of %s', async (id, { method, path, body, params, query }) => {
    const fill = (id: string) => path.replaceAll(/\{\w+\}/g, id)
    const url = fill(randomUUID())
    const call = (path: string, more: object = {}) => atelier.api.call(method.toUpperCase(), path, more)
    const anonymous = await call(url, { headers: { 'x-api-key': 'wrong', ...fromElsewhere() } })
    expectDescribed(id, anonymous.status, anonymous.body)
    expect(anonymous.status).toBe(401)
    if (params) for (const at of [url, fill('7')]) {
      const { status, body: answer } = await call(at, body ? { body: { guildId: '1100000000000000001' } } : {})
      expectDescribed(id, status, answer)
      expect([400, 404]).toContain(status)
    }
    if (query) expectDescribed(id, 400, (await call(`${url}?page=0`)).body)
    if (body) for (const wrong of ['{', '{"x":1}']) expectDescribed(id, 400, (await call(url, { body: wrong })).body)
  })
})

describe('the page of the description', () => {
  it('is served whole by Atelier itself', async () => {
    const get = async (path: string) => {
      const response = await fetch(new URL(path, `${atelier.server.url}/api/docs`))
      expect(response.status, path).toBe(200)
      return { type: response.headers.get('content-type'), text: await response.text() }
    }
    const page = await get('/api/docs')
    expect(page.type).toContain('text/html')
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1]!)
    expect(assets.length).toBeGreaterThanOrEqual(3)
    for (const asset of assets) {
      expect(asset, 'no other host').toMatch(/^\/(?!\/)/)
      const { type, text } = await get(asset)
      expect(type, asset).toMatch(asset.endsWith('.css') ? /css/ : /javascript/)
      expect([...text.matchAll(/url\(["']?(https?:)?\/\/|@import/g)].map(String), asset).toEqual([])
    }
    expect((await get('/docs.js')).text).toContain('/api/openapi.json')
  })
})
