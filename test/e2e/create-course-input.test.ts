import { Agent, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/api.ts'
import { laboratory, lecture } from '../support/courses.ts'
import { outsideCalls } from '../support/outside.ts'
import { expectProblem } from '../support/problems.ts'
import { withDatabase } from '../support/sql.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const groups = (...numbers: unknown[]) =>
  ({ ...lecture('Groups'), type: 'LABORATORY', labGroups: numbers.map((number, index) => ({ name: `G${index}`, number })) })
const many = (count: number) => groups(...Array.from({ length: count }, (_, index) => index + 1))
const group = (more: object) => ({ ...lecture('Group'), type: 'LABORATORY', labGroups: [{ name: 'A', number: 1, ...more }] })
const good = lecture('Good')

/** What is wrong, the body, and every field that the answer must name. */
const refused: [string, unknown, string[]][] = [
  ['nothing', {}, ['name', 'semester', 'type']],
  ['an unknown field', { ...good, colour: 'red' }, ['colour']],
  ['two unknown fields', { ...good, id: 1, status: 'COMPLETED' }, ['id', 'status']],
  ['an unknown field in a group', group({ leader: 'Ada' }), ['labGroups.0.leader']],
  [
    '__proto__ in a group', '{"name":"P","semester":"1","type":"LABORATORY","labGroups":[{"name":"A","number":1,"__proto__":{"x":1}}]}',
    ['labGroups.0.__proto__'],
  ],
  ['an empty name', { ...good, name: '' }, ['name']],
  ['a name of blanks', { ...good, name: ' \u00A0\u3000 ' }, ['name']],
  ['a name of 101 characters', { ...good, name: 'x'.repeat(101) }, ['name']],
  ['a semester of 41 characters', { ...good, semester: 'x'.repeat(41) }, ['semester']],
  ['a name of two lines', { ...good, name: 'a\nb' }, ['name']],
  ['a NUL in a name', { ...good, name: 'a\u0000b' }, ['name']],
  ['an invisible character', { ...good, name: 'a\u200Bb' }, ['name']],
  ['nothing but joiners', { ...good, name: '\u200D\u200D' }, ['name']],
  ['nothing but a filler', { ...good, semester: '\u3164' }, ['semester']],
  ['nothing but hidden tags', group({ name: '\u{E0041}\u{E0042}' }), ['labGroups.0.name']],
  ['an Arabic letter mark', { ...good, name: 'a\u061Cb' }, ['name']],
  ['text turned around', { ...good, name: 'abc\u202Egpj.exe' }, ['name']],
  ['half a character', { ...good, name: 'a\uD83D' }, ['name']],
  ['a number as name', { ...good, name: 7 }, ['name']],
  ['null as name', { ...good, name: null }, ['name']],
  ['an array as semester', { ...good, semester: ['2026'] }, ['semester']],
  ['an unknown type', { ...good, type: 'SEMINAR' }, ['type']],
  ['a type in lower case', { ...good, type: 'lecture' }, ['type']],
  ['a laboratory without groups', { ...good, type: 'LABORATORY' }, ['labGroups']],
  ['a combined course without groups', { ...good, type: 'COMBINED', labGroups: [] }, ['labGroups']],
  ['a lecture with groups', { ...good, labGroups: [{ name: 'A', number: 1 }] }, ['labGroups']],
  ['no group', many(0), ['labGroups']],
  ['249 groups', many(249), ['labGroups']],
  ['250 groups', many(250), ['labGroups']],
  ['251 groups', many(251), ['labGroups']],
  ['groups that are no list', { ...good, type: 'LABORATORY', labGroups: { 0: 'A' } }, ['labGroups']],
  ['a number twice', groups(1, 2, 1), ['labGroups.2.number']],
  ['a number of 0', groups(0), ['labGroups.0.number']],
  ['a negative number', groups(-1), ['labGroups.0.number']],
  ['half a number', groups(1.5), ['labGroups.0.number']],
  ['a number that is text', groups('1'), ['labGroups.0.number']],
  ['a number beyond all groups', groups(10_000), ['labGroups.0.number']],
  ['a group without a name', { ...good, type: 'LABORATORY', labGroups: [{ number: 1 }] }, ['labGroups.0.name']],
  ['a group with an empty name', group({ name: '' }), ['labGroups.0.name']],
  ['a repository name with a slash', { ...good, githubRepoName: 'a/b' }, ['githubRepoName']],
  ['a repository name of dots', { ...good, githubRepoName: '..' }, ['githubRepoName']],
  ['a repository name that ends in .git', { ...good, githubRepoName: 'a.git' }, ['githubRepoName']],
  ['a repository name of 101 characters', { ...good, githubRepoName: 'a'.repeat(101) }, ['githubRepoName']],
  ['a repository name twice, in another case', {
    ...good, type: 'LABORATORY',
    labGroups: [{ name: 'A', number: 1, githubRepoName: 'Repo' }, { name: 'B', number: 2, githubRepoName: 'repo' }],
  }, ['labGroups.1.githubRepoName']],
  ['the lecture\'s repository name for a group', {
    ...group({ githubRepoName: 'One' }), type: 'COMBINED', githubRepoName: 'one',
  }, ['labGroups.0.githubRepoName']],
  ['a role name twice', {
    ...good, type: 'LABORATORY',
    labGroups: [{ name: 'A', number: 1, discordRoleName: 'R' }, { name: 'B', number: 2, discordRoleName: 'r' }],
  }, ['labGroups.1.discordRoleName']],
  ['a channel name twice', { ...good, discordChannels: ['general', 'General'] }, ['discordChannels.1']],
  ['no channel at all', { ...good, discordChannels: [] }, ['discordChannels']],
  ['41 channels', { ...good, discordChannels: Array.from({ length: 41 }, (_, n) => `c${n}`) }, ['discordChannels']],
  ['channels that are no list', { ...good, discordChannels: 'general' }, ['discordChannels']],
  ['lecture fields of a laboratory', {
    ...laboratory('L', 1), githubRepoName: 'main', discordChannels: ['general'],
  }, ['githubRepoName', 'discordChannels']],
  ['a server that is no id', { ...good, discordGuildId: 'my-server' }, ['discordGuildId']],
  ['a server id that is a number', { ...good, discordGuildId: 1100000000000000 }, ['discordGuildId']],
  ['a list', [good], ['']],
  ['text', '"course"', ['']],
  ['null', 'null', ['']],
]

async function expectNothingMade() {
  expect(await outsideCalls(atelier)).toEqual([])
  const [rows] = await withDatabase(atelier.databaseUrl, sql => sql`
    select (select count(*) from courses)
      + (select count(*) from lab_groups)
      + (select count(*) from job_executions)
      + (select count(*) from provisioning_steps)
      + (select count(*) from idempotency_keys)
      + (select count(*) from external_resources)
      + (select count(*) from audit_log)
      + (select count(*) from workflow.workflow_runs) as count`)
  expect(Number(rows!.count)).toBe(0)
}

describe('a course that cannot be', () => {
  it.each(refused)('with %s is refused, field by field', async (_, body, fields) => {
    const problem = expectProblem(await atelier.api.createCourse(body, { 'idempotency-key': 'k' }), 400, 'VALIDATION_FAILED')
    expect(problem.errors!.map(({ field }) => field).sort()).toEqual(fields.toSorted())
    for (const { message, fix } of problem.errors!) {
      expect(message).toMatch(/\w{2}.*\.?$/)
      expect(fix).toMatch(/\w{2}.*\.$/)
    }
  })

  it('says why so many groups do not fit', async () => {
    const { errors } = expectProblem(await atelier.api.createCourse(many(251)), 400)
    expect(errors![0]!.message).toContain('250 roles')
  })

  it.each([
    ['malformed', '{"name": "A",', 'MALFORMED_JSON'],
    ['empty', '', 'MALFORMED_JSON'],
    ['two values', '{} {}', 'MALFORMED_JSON'],
  ])('in a body that is %s is refused', async (_, body, code) => {
    expectProblem(await atelier.api.createCourse(body), 400, code)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])('sent as "%s" is refused', async (type) => {
    const answer = await atelier.api.createCourse(JSON.stringify(good), { 'content-type': type })
    expectProblem(answer, 415, 'NOT_JSON')
  })

  it('of more than 1 MB is refused by its announced length', async () => {
    expectProblem(await atelier.api.createCourse({ ...good, name: 'x'.repeat(1_000_001) }), 413, 'BODY_TOO_LARGE')
  })

  it('of more than 1 MB in chunks is refused, too, and the connection stays good', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = (chunks: string[]) => new Promise<Answer<unknown>>((resolve, reject) => {
      const call = request(`${atelier.server.url}/api/courses`, {
        method: 'POST', agent, headers: { 'x-api-key': atelier.apiKey, 'content-type': 'application/json' },
      }, async (response) => {
        const body = JSON.parse(Buffer.concat(await Array.fromAsync(response)).toString()) as unknown
        resolve({ status: response.statusCode!, headers: new Headers(response.headers as Record<string, string>), body })
      }).on('error', reject)
      for (const chunk of chunks) call.write(chunk)
      call.end()
    })
    const chunk = 'x'.repeat(100_000)
    expectProblem(await send(Array<string>(20).fill(chunk)), 413, 'BODY_TOO_LARGE')
    expectProblem(await send(['{', '"x"']), 400, 'MALFORMED_JSON')
    agent.destroy()
  })

  it('leaves nothing behind', expectNothingMade)
})

describe('ids that lead nowhere', () => {
  const paths: [string, string][] = [['GET', ''], ['GET', '/status'], ['GET', '/resources'], ['POST', '/retry']]
  it.each(paths)('%s /api/courses/{id}%s', async (method, rest) => {
    const { errors } = expectProblem(await atelier.api.call(method, `/api/courses/42${rest}`), 400, 'VALIDATION_FAILED')
    expect(errors!.map(({ field }) => field)).toEqual(['id'])
    expectProblem(await atelier.api.call(method, `/api/courses/00000000-0000-4000-8000-000000000000${rest}`), 404, 'NOT_FOUND')
    expectProblem(await atelier.api.call(method, `/api/courses/%00${rest}`), 400)
  })

  it.each([
    '/api/runs/42', '/api/runs/42/events', '/api/runs?subjectId=42', '/api/runs?workflow=%00',
    '/api/courses?page=0', '/api/courses?pageSize=101', '/api/courses?status=DONE', '/api/courses?sort=name',
    '/api/audit?subjectId=42', '/api/audit?page=x',
  ])('GET %s names its field', async (path) => {
    expect(expectProblem(await atelier.api.call('GET', path), 400, 'VALIDATION_FAILED').errors).toHaveLength(1)
  })

  it.each([
    ['PUT', '/api/courses'],
    ['GET', '/api/nothing'],
    ['PATCH', '/api/courses/00000000-0000-4000-8000-000000000000'],
  ])('%s %s is no route', async (method, path) => {
    expectProblem(await atelier.api.call(method, path), 404, 'NO_SUCH_ROUTE')
  })

  it('leave nothing behind', expectNothingMade)
})
