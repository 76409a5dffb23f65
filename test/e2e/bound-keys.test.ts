import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { operations, type Operation } from '../../shared/contract.ts'
import type { AuditEntry } from '../../shared/schemas/audit.ts'
import type { Challenge } from '../../shared/schemas/challenge.ts'
import type { Contributor } from '../../shared/schemas/contributor.ts'
import type { Course } from '../../shared/schemas/course.ts'
import type { Project, Repo } from '../../shared/schemas/project.ts'
import type { RunSummary } from '../../shared/schemas/run.ts'
import type { ApiKey, Role } from '../../shared/schemas/session.ts'
import type { Task } from '../../shared/schemas/task.ts'
import { fromElsewhere } from '../support/addresses.ts'
import { lecture } from '../support/courses.ts'
import { follow } from '../support/events.ts'
import { expectProblem } from '../support/problems.ts'
import { assign, linkedChallenge, make, newContributor, newTask } from '../support/projects.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'
import { withDatabase } from '../support/sql.ts'
import { until } from '../support/until.ts'

const atelier = useSharedAtelier()
type Key = ApiKey & { apiKey: string }
interface Binding { courses?: string[], projects?: string[] }
interface Items<T> { items: T[], total: number }

/** A course and a project with everything that is made in them. */
interface Part {
  course: Course
  project: Project
  repo: Repo
  challenge: Challenge
  task: Task
  contributor: Contributor
  workspaces: string[]
  runs: string[]
}

async function newPart(name: string): Promise<Part> {
  const { body: { id } } = await atelier.api.createCourse(lecture(`${name} course`))
  const { project, repos: [repo], challenge, links: [link] } = await linkedChallenge(atelier, `${name} challenge`, `${name}-repo`)
  const [task, contributor] = await Promise.all([newTask(atelier, challenge, `${name} task`), newContributor(atelier, `${name} colleague`)])
  const assigned = await assign(atelier, task, contributor)
  const taskWorkspace = assigned.body.provisioning[0]!.workspace!
  await until(async () => {
    const { body } = await atelier.api.call<Task>('GET', `/api/tasks/${task.uuid}`)
    return body.workspaces[0]!.status === 'ready'
  }, { what: () => 'the workspace of the task' })
  return {
    course: await atelier.api.reached(id, 'COMPLETED'), project, repo: repo!, challenge, task, contributor,
    workspaces: [link!.provisioning.workspace_id, taskWorkspace.workspace_id],
    runs: [(await atelier.api.course(id)).run.id, link!.provisioning.run!.id, taskWorkspace.run!.id],
  }
}

const idsOf = ({ course, project, repo, challenge, task, contributor, workspaces, runs }: Part) =>
  [course.id, project.uuid, repo.uuid, challenge.uuid, task.uuid, contributor.uuid, ...workspaces, ...runs]
const bindingOf = ({ course, project }: Part) => ({ courses: [course.id], projects: [project.uuid] })

const makeKey = async (role: Role, binding: Binding | null, name = `Bound ${role}`) => {
  const answer = await atelier.api.call<Key>('POST', '/api/keys', { body: { name, role, binding } })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const bind = (id: string, binding: Binding | null) => atelier.api.call<ApiKey>('PUT', `/api/keys/${id}`, { body: { binding } })
const as = <T = Record<string, unknown>>({ apiKey }: { apiKey: string }, method: string, path: string, body?: unknown, more: object = {}) =>
  atelier.api.call<T>(method, path, { body, headers: { 'x-api-key': apiKey, ...fromElsewhere(), ...more } })
const projectIds = async (key: { apiKey: string }) =>
  (await as<Items<Project>>(key, 'GET', '/api/projects')).body.items.map(({ uuid }) => uuid)
/** Has every stream hear of these runs. */
const touch = (...ids: string[]) => withDatabase(atelier.databaseUrl, sql => sql`
  update job_executions set error = error where id = any(${ids}::uuid[])`)
const sql = <T>(run: Parameters<typeof withDatabase<T>>[1]) => withDatabase(atelier.databaseUrl, run)

let own: Part
let foreign: Part
let pruning: string
let otherKey: Key
let otherSession: string
const keys = {} as Record<'viewer' | 'operator', Key>

beforeAll(async () => {
  [own, foreign] = await Promise.all([newPart('Inbound'), newPart('Outbound')])
  keys.viewer = await makeKey('viewer', bindingOf(own))
  keys.operator = await makeKey('operator', bindingOf(own))
  otherKey = await makeKey('operator', null, 'Outbound key')
  await fetch(`${atelier.server.url}/api/session`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...fromElsewhere() }, body: JSON.stringify({ apiKey: otherKey.apiKey }),
  })
  pruning = randomUUID()
  await sql(async (sql) => {
    otherSession = (await sql<[{ id: string }]>`select id from sessions where key_id = ${otherKey.id}`)[0].id
    await sql`
      insert into job_executions (id, workflow, subject_type, subject_id, concurrency_group, status, root_run_id, finished_at)
      values (${pruning}, 'prune', 'installation', '00000000-0000-0000-0000-000000000000', 'prune', 'completed', ${pruning}, now())`
  })
}, 120_000)

/**
 * Every operation of the contract, also one that is added tomorrow: asked for what lies outside of a binding it answers 403 or 404,
 * and no answer names anything of it.
 */
describe('every operation', () => {
  const all = Object.entries<Operation>(operations)
  /** By the first part of a path: what `{id}` can name, outside of the binding and inside. */
  const named = (part: Part): Record<string, string[]> => ({
    courses: [part.course.id], projects: [part.project.uuid], repos: [part.repo.uuid], challenges: [part.challenge.uuid],
    tasks: [part.task.uuid], contributors: [part.contributor.uuid], workspaces: part.workspaces, runs: part.runs,
    keys: [otherKey.id], sessions: [otherSession],
  })
  /** By the name of a field: what it refers to. */
  const referred = (part: Part): Record<string, string> => ({
    project_id: part.project.uuid, repo_id: part.repo.uuid, challenge_id: part.challenge.uuid, parent_task_id: part.task.uuid,
    userId: part.contributor.uuid, subjectId: part.course.id, runId: part.runs[0]!,
  })
  /** An operator assigns tasks, so that it sees all contributors, who belong to no project. */
  const isShared = (role: Role, id: string) => role === 'operator' && id === foreign.contributor.uuid
  const outside = (role: Role) => [...idsOf(foreign), pruning, otherKey.id, otherSession].filter(id => !isShared(role, id))

  /** The fields of a schema that take an id. */
  const references = (schema: z.ZodType | undefined): string[] => {
    const fields = schema instanceof z.ZodObject ? Object.entries(schema.shape as Record<string, z.ZodType>) : []
    return fields.filter(([, field]) => field.safeParse(randomUUID()).success && !field.safeParse('no-id').success).map(([name]) => name)
  }
  const pick = (part: Part, path: string, fields: string[]) => Object.fromEntries(fields.map((field) => {
    const id = referred(part)[field]
    if (!id) throw new Error(`Say in this test what the field ${field} of ${path} refers to.`)
    return [field, id]
  }))
  const idsIn = (part: Part, path: string) => {
    const ids = named(part)[path.split('/')[2]!]
    if (!ids) throw new Error(`Say in this test what {id} of ${path} is.`)
    return ids
  }

  interface Ask { url: string, body?: object, isRefused: boolean }

  /** What a key can ask an operation about what lies outside, one reference at a time and the rest inside. */
  function asks({ method, path, query, body, params }: Operation): Ask[] {
    const [inQuery, inBody] = [references(query), references(body)]
    const fill = (id: string | undefined, search: object, fields: object) => ({
      url: path.replace('{id}', id ?? '').replaceAll(/\{\w+\}/g, () => randomUUID())
        + (Object.keys(search).length ? `?${new URLSearchParams(search as Record<string, string>)}` : ''),
      ...body && { body: { ...body.meta()!.example as object, ...fields } },
    })
    // Fields that may be absent only narrow a list, so that an inside value is given only where one is needed.
    const needed = (schema: z.ZodType | undefined, fields: string[]) =>
      fields.filter(field => !(schema as z.ZodObject).shape[field].safeParse(undefined).success)
    const inside = { query: pick(own, path, needed(query, inQuery)), body: pick(own, path, needed(body, inBody)) }
    const id = params && idsIn(own, path)[0]
    const ofRuns = path.startsWith('/api/runs/') ? [pruning] : []
    return [
      ...params ? [...idsIn(foreign, path), ...ofRuns].map(id => ({ ...fill(id, inside.query, inside.body), isRefused: true })) : [],
      ...inQuery.map(field => ({
        ...fill(id, { ...inside.query, ...pick(foreign, path, [field]) }, inside.body), isRefused: method !== 'get',
      })),
      ...inBody.map(field => ({ ...fill(id, inside.query, { ...inside.body, ...pick(foreign, path, [field]) }), isRefused: true })),
      ...method === 'get' && !params ? [{ ...fill(undefined, inside.query, {}), isRefused: false }] : [],
      ...method !== 'get' && !params && !inQuery.length && !inBody.length ? [{ ...fill(undefined, {}, {}), isRefused: true }] : [],
    ]
  }

  const guarded = all.filter(([, { role, answers, params }]) =>
    role !== 'anyone' && (params || answers.type !== 'text/event-stream'))

  describe.each(['viewer', 'operator'] as const)('asked by a bound %s', (role) => {
    it.each(guarded)('%s keeps to the binding', async (_, operation) => {
      const wanted = asks(operation)
      expect(wanted).not.toHaveLength(0)
      if (!operation.bound) {
        const path = operation.path.replaceAll(/\{\w+\}/g, () => randomUUID())
        const { status, body } = await as(keys[role], operation.method.toUpperCase(), path)
        expect([status, ['BOUND_KEY', 'ROLE_TOO_SMALL'].includes(body.code as string)]).toEqual([403, true])
      }
      for (const { url, body, isRefused } of wanted) {
        const asked = url + JSON.stringify(body ?? {})
        if (operation.bound && asked.includes(foreign.contributor.uuid) && isShared(role, foreign.contributor.uuid)) continue
        const answer = await as(keys[role], operation.method.toUpperCase(), url, body)
        const said = JSON.stringify(answer.body)
        expect(isRefused ? [403, 404] : [200, 403, 404], `${url} ${said}`).toContain(answer.status)
        // A refusal repeats the id that was asked for.
        for (const id of outside(role)) if (answer.status === 200 || !asked.includes(id)) expect(said, url).not.toContain(id)
        expect(said, url).not.toMatch(/Outbound (course|challenge|task|key)|outbound-repo/i)
      }
    })
  })

  it('that changes something has left what lies outside as it was', async () => {
    expect(await atelier.api.course(foreign.course.id)).toEqual(foreign.course)
    for (const [path, before] of [
      [`/api/projects/${foreign.project.uuid}`, foreign.project],
      [`/api/repos/${foreign.repo.uuid}`, foreign.repo],
      [`/api/contributors/${foreign.contributor.uuid}`, foreign.contributor],
      [`/api/challenges/${foreign.challenge.uuid}`, foreign.challenge],
    ] as const) expect((await atelier.api.call('GET', path)).body).toEqual(before)
    const { body: task } = await atelier.api.call<Task>('GET', `/api/tasks/${foreign.task.uuid}`)
    expect(task.assignees.map(({ uuid }) => uuid)).toEqual([foreign.contributor.uuid])
    expect([task.status, task.title, task.workspaces.length]).toEqual(['todo', 'Outbound task', 1])
    const { body: runs } = await atelier.api.call<Items<RunSummary>>('GET', `/api/runs?subjectId=${foreign.course.id}`)
    expect(runs.total).toBe(1)
    expect((await as(otherKey, 'GET', '/api/session')).body).toMatchObject({ isBound: false })
    expect(await sql(sql => sql`select 1 from sessions where id = ${otherSession}`)).toHaveLength(1)
  })

  it.each(all.filter(([, { role, answers, params }]) => role !== 'anyone' && !params && answers.type === 'text/event-stream'))(
    '%s tells a bound key of its own runs alone', async (_, { path }) => {
      const stream = await follow({ server: atelier.server, apiKey: keys.viewer.apiKey }, path)
      await until(async () => {
        await touch(...foreign.runs, pruning)
        await touch(...own.runs)
        return own.runs.every(id => stream.events.some(({ data }) => (data as RunSummary).id === id))
      }, { every: 200 })
      await stream.close()
      for (const id of outside('viewer')) expect(JSON.stringify(stream.events)).not.toContain(id)
    })

  it('that answers bound keys like everybody is one of these', () => {
    expect(all.filter(([, { bound }]) => bound === 'alike').map(([id]) => id).sort())
      .toEqual(['endSession', 'getSession', 'listProviders', 'listSessions', 'listWorkflows'])
  })

  it('that is open to bound keys shows what is inside', async () => {
    for (const { apiKey } of Object.values(keys)) {
      const get = async <T>(path: string) => (await as<T>({ apiKey }, 'GET', path)).body
      expect((await get<Items<Course>>('/api/courses')).items.map(({ id }) => id)).toEqual([own.course.id])
      expect(await get<Items<Project>>('/api/projects')).toMatchObject({ total: 1, items: [own.project] })
      expect(await get<Items<Repo>>('/api/repos')).toMatchObject({ total: 1, items: [own.repo] })
      expect(await get<Items<Challenge>>('/api/challenges')).toMatchObject({ total: 1, items: [{ uuid: own.challenge.uuid }] })
      expect(await get<Items<Task>>('/api/tasks')).toMatchObject({ total: 1, items: [{ uuid: own.task.uuid }] })
      const runs = await get<Items<RunSummary>>('/api/runs')
      expect(runs.items.map(({ id }) => id).sort()).toEqual([...own.runs].sort())
      expect(runs.total).toBe(own.runs.length)
      for (const id of own.runs) expect(await get(`/api/runs/${id}`)).toMatchObject({ id })
      for (const id of own.workspaces) expect(await get(`/api/workspaces/${id}`)).toMatchObject({ workspace_id: id })
      const { items } = await get<Items<AuditEntry>>('/api/audit?pageSize=100')
      expect([...new Set(items.map(({ subjectId }) => subjectId))].sort()).toEqual([own.course.id, ...own.workspaces].sort())
      expect(await get('/api/session')).toMatchObject({ isBound: true })
    }
    expect((await as<Items<Contributor>>(keys.viewer, 'GET', '/api/contributors')).body.items).toEqual([own.contributor])
  })
})

describe('a bound operator', () => {
  it('works inside its project', async () => {
    const key = keys.operator
    const post = <T>(path: string, body: object, headers = {}) => as<T>(key, 'POST', path, body, headers)
    const challenge = await post<Challenge>('/api/challenges', { title: 'Its own', project_id: own.project.uuid })
    expect(challenge.status).toBe(201)
    const task = await post<Task>('/api/tasks', { title: 'Its own', challenge_id: challenge.body.uuid })
    expect(task.status).toBe(201)
    const newcomer = await newContributor(atelier, `Newcomer ${randomUUID()}`.slice(0, 30))
    expect((await post(`/api/tasks/${task.body.uuid}/assign`, { userId: newcomer.uuid })).status).toBeLessThan(300)
    expect((await as(key, 'PATCH', `/api/tasks/${task.body.uuid}/complete`)).status).toBe(200)
    expect((await as(key, 'PUT', `/api/projects/${own.project.uuid}`, { description: 'Changed' })).status).toBe(200)
    expect((await as(key, 'DELETE', `/api/tasks/${task.body.uuid}`)).status).toBe(204)
    expect((await as(key, 'DELETE', `/api/challenges/${challenge.body.uuid}`)).status).toBe(204)
  })

  it.each([
    ['course', 'POST', '/api/courses', () => lecture('Beyond')],
    ['project', 'POST', '/api/projects', () => ({ title: 'Beyond' })],
    ['repository', 'POST', '/api/repos', () => ({ title: 'B', type: 'github', external_repo_id: 'a/b', project_id: own.project.uuid })],
    ['contributor', 'POST', '/api/contributors', () => ({ full_name: 'Beyond', github_username: 'beyond' })],
    ['other repository in place of its own', 'PUT', () => `/api/repos/${own.repo.uuid}`, () => ({ external_repo_id: 'a/b' })],
    ['workspace from a template', 'POST', '/api/repos/challenge-repos', () => ({
      challenge_id: own.challenge.uuid, repo_id: own.repo.uuid, workspace_type: 'git_repo', options: { template: 'a/b' },
    })],
    ['scrape of the metrics', 'GET', '/metrics', () => undefined],
  ])('gets no %s', async (_, method, path, body) => {
    const problem = expectProblem(await as(keys.operator, method, typeof path === 'string' ? path : path(), body()), 403, 'BOUND_KEY')
    expect(problem.detail).toContain('Bound operator')
    expect(problem.fix).toContain('unbound')
  })

  it('still sees the runs and the audit of a workspace that it removed', async () => {
    const { challenge, repos: [repo] } = await linkedChallenge(atelier, 'Leaving challenge', 'leaving-repo')
    const key = await makeKey('operator', { projects: [challenge.project_id] })
    const { body: { items: [{ workspace_id: id }] } } = await as<{ items: [{ workspace_id: string }] }>(
      key, 'GET', `/api/challenges/${challenge.uuid}/repos`)
    const search = new URLSearchParams({ challenge_id: challenge.uuid, repo_id: repo!.uuid, deprovision: 'true' })
    expect((await as(key, 'DELETE', `/api/repos/challenge-repos?${search}`)).status).toBeLessThan(300)
    const runs = await until(async () => {
      const { items } = (await as<Items<RunSummary>>(key, 'GET', `/api/runs?subjectId=${id}`)).body
      return items.length === 2 && items.every(({ status }) => status === 'completed') ? items : undefined
    }, { what: () => 'the workspace to be removed' })
    expectProblem(await as(key, 'GET', `/api/workspaces/${id}`), 404, 'NOT_FOUND')
    expect((await as(key, 'GET', `/api/runs/${runs[0]!.id}`)).body).toMatchObject({ workflow: 'deprovision-workspace', subject: null })
    expect((await as<Items<AuditEntry>>(key, 'GET', `/api/audit?subjectId=${id}`)).body.total).toBeGreaterThan(1)
    expectProblem(await as(keys.operator, 'GET', `/api/runs/${runs[0]!.id}`), 404, 'NOT_FOUND')
  })

  it('gets no old answer by an Idempotency-Key of what is not its own any more', async () => {
    const key = await makeKey('operator', bindingOf(own))
    const repeat = { 'idempotency-key': randomUUID() }
    const link = { challenge_id: own.challenge.uuid, repo_id: own.repo.uuid }
    expect((await as(key, 'POST', '/api/repos/challenge-repos', link, repeat)).status).toBeLessThan(300)
    await bind(key.id, bindingOf(foreign))
    expectProblem(await as(key, 'POST', '/api/repos/challenge-repos', link, repeat), 404, 'NOT_FOUND')
  })
})

describe('a binding', () => {
  it('is shown with the key, changed, and removed', async () => {
    const key = await makeKey('viewer', { courses: [own.course.id] })
    const shown = { courses: [{ id: own.course.id, title: 'Inbound course, 2026' }], projects: [] }
    expect(key.binding).toEqual(shown)
    const listed = (await atelier.api.call<Items<ApiKey>>('GET', '/api/keys')).body.items
    expect(listed.find(({ id }) => id === key.id)!.binding).toEqual(shown)
    expect(listed.find(({ id }) => id === otherKey.id)!.binding).toBeNull()
    expect(await projectIds(key)).toEqual([])
    const changed = await bind(key.id, { projects: [own.project.uuid, own.project.uuid] })
    expect([changed.status, changed.body.binding]).toEqual([200, {
      courses: [], projects: [{ id: own.project.uuid, title: own.project.title }],
    }])
    expect(await projectIds(key)).toEqual([own.project.uuid])
    expect((await as<Items<Course>>(key, 'GET', '/api/courses')).body.total).toBe(0)
    expect((await bind(key.id, null)).body.binding).toBeNull()
    expect(await projectIds(key)).toEqual(expect.arrayContaining([own.project.uuid, foreign.project.uuid]))
    expectProblem(await bind(randomUUID(), null), 404, 'NOT_FOUND')
  })

  it('is none for an owner', async () => {
    const owner = { name: 'Bound owner', role: 'owner', binding: bindingOf(own) }
    expectProblem(await atelier.api.call('POST', '/api/keys', { body: owner }), 422, 'OWNER_BOUND')
    const { id } = await makeKey('owner', null)
    expectProblem(await bind(id, bindingOf(own)), 422, 'OWNER_BOUND')
    await expect(sql(sql => sql`update api_keys set is_bound = true where id = ${id}`)).rejects.toThrow('api_keys_owner_unbound')
  })

  it('names courses and projects that exist', async () => {
    const { id } = await makeKey('viewer', bindingOf(own))
    const nobody = randomUUID()
    for (const binding of [{ courses: [own.project.uuid] }, { projects: [own.project.uuid, nobody] }]) {
      const made = await atelier.api.call('POST', '/api/keys', { body: { name: 'Bound to nothing', role: 'viewer', binding } })
      expect(expectProblem(made, 422, 'BINDING_UNKNOWN').detail).toContain('projects' in binding ? nobody : own.project.uuid)
      expectProblem(await bind(id, binding), 422, 'BINDING_UNKNOWN')
    }
    for (const binding of [{}, { courses: [], projects: [] }, { courses: ['x'] }, { tasks: [nobody] }])
      expectProblem(await bind(id, binding as Binding), 400, 'VALIDATION_FAILED')
    expectProblem(await atelier.api.call('PUT', `/api/keys/${id}`, { body: {} }), 400, 'VALIDATION_FAILED')
    const { items } = (await atelier.api.call<Items<ApiKey>>('GET', '/api/keys')).body
    expect(items.filter(({ name }) => name === 'Bound to nothing')).toEqual([])
    expect(items.find(key => key.id === id)!.binding!.projects).toHaveLength(1)
  })

  it('holds for sessions and open streams, and so does its change at once', async () => {
    const key = await makeKey('viewer', bindingOf(own))
    const signedIn = await fetch(`${atelier.server.url}/api/session`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...fromElsewhere() }, body: JSON.stringify({ apiKey: key.apiKey }),
    })
    expect(await signedIn.json()).toEqual({ name: 'Bound viewer', role: 'viewer', isBound: true })
    const cookie = signedIn.headers.getSetCookie().at(-1)!.split(';')[0]!
    const seen = async () => {
      const { items } = await (await fetch(`${atelier.server.url}/api/projects`, { headers: { cookie } })).json() as Items<Project>
      return items.map(({ uuid }) => uuid)
    }
    expect(await seen()).toEqual([own.project.uuid])
    const open = (path: string) => follow({ server: atelier.server, apiKey: key.apiKey }, path)
    const stream = await open('/api/events')
    const heard = (id: string) => stream.events.some(({ data }) => (data as RunSummary).id === id)
    await until(async () => {
      await touch(own.runs[0]!)
      return heard(own.runs[0]!)
    }, { every: 200 })

    await bind(key.id, bindingOf(foreign))
    expect(await seen()).toEqual([foreign.project.uuid])
    stream.events.length = 0
    await until(async () => {
      await touch(...own.runs)
      await touch(...foreign.runs)
      return foreign.runs.every(heard)
    }, { every: 200 })
    for (const id of own.runs) expect(heard(id)).toBe(false)

    await bind(key.id, null)
    expect(await seen()).toEqual(expect.arrayContaining([own.project.uuid, foreign.project.uuid]))
    await until(async () => {
      await touch(own.runs[0]!, pruning)
      return heard(own.runs[0]!) && heard(pruning)
    }, { every: 200 })
    await atelier.api.call('DELETE', `/api/keys/${key.id}`)
    await until(async () => {
      await touch(own.runs[0]!)
      return Promise.race([stream.ended.then(() => true), new Promise<false>(resolve => setTimeout(resolve, 200, false))])
    }, { what: () => 'the stream of a revoked key to end' })
  })

  it('ends the stream of a run that has left it', async () => {
    const held = await atelier.github.fault({ operation: 'repos/create-in-org', subject: 'inbound-held', when: 'before', action: 'hold' })
    const { body: { id, run } } = await atelier.api.createCourse(lecture('Inbound held'))
    const key = await makeKey('viewer', { courses: [id, own.course.id] })
    const stream = await follow({ server: atelier.server, apiKey: key.apiKey }, `/api/runs/${run.id}/events`)
    await stream.heard<RunSummary>(({ id }) => id === run.id)
    await bind(key.id, { courses: [own.course.id] })
    stream.events.length = 0
    await touch(run.id)
    await stream.ended
    expect(stream.events.map(({ name }) => name)).toEqual(['end'])
    await atelier.github.removeFault(held)
    await atelier.api.reached(id, 'COMPLETED')
  })

  it('goes on without what was deleted, and never becomes none by that', async () => {
    const passing = await make<Project>(atelier, '/api/projects', { title: 'Passing' })
    const both = await makeKey('operator', { courses: [own.course.id], projects: [passing.uuid] })
    const only = await makeKey('operator', { projects: [passing.uuid] })
    expect((await atelier.api.call('DELETE', `/api/projects/${passing.uuid}`)).status).toBe(204)
    const { items } = (await atelier.api.call<Items<ApiKey>>('GET', '/api/keys')).body
    expect(items.find(({ id }) => id === only.id)!.binding).toEqual({ courses: [], projects: [] })
    for (const [key, courses] of [[both, [own.course.id]], [only, []]] as const) {
      expect((await as<Items<Course>>(key, 'GET', '/api/courses')).body.items.map(({ id }) => id)).toEqual(courses)
      for (const list of ['projects', 'repos', 'challenges', 'tasks', 'contributors'])
        expect((await as<Items<unknown>>(key, 'GET', `/api/${list}`)).body, list).toMatchObject({ total: 0, items: [] })
      expect((await as(key, 'GET', '/api/session')).body).toMatchObject({ isBound: true })
      expectProblem(await as(key, 'POST', '/api/projects', { title: 'Free' }), 403, 'BOUND_KEY')
    }
    expect((await as<Items<unknown>>(only, 'GET', '/api/runs')).body.total).toBe(0)
    expect((await as<Items<unknown>>(only, 'GET', '/api/audit')).body.total).toBe(0)
  })
})
