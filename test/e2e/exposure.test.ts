import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fromElsewhere } from '../support/addresses.ts'
import { expectProblem } from '../support/problems.ts'
import { useSharedAtelier } from '../support/shared-atelier.ts'

const atelier = useSharedAtelier()
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(atelier.server.url + path, { headers: { ...fromElsewhere(), ...headers } })
const policyOf = async (path: string) => {
  const policy = (await get(path)).headers.get('content-security-policy')!
  return Object.fromEntries(policy.split('; ').map((rule) => {
    const [name, ...sources] = rule.split(' ')
    return [name, sources]
  }))
}

describe('the policy of what a page may load', () => {
  it.each([
    '/', '/sign-in', '/courses/x', '/nowhere',
  ])('of %s allows its own files, and its inline scripts by their hashes', async (path) => {
    const html = await (await get(path)).text()
    const inline = html.matchAll(/<script(?![^>]*src=)(?![^>]*application\/json)[^>]*>(.*?)<\/script>/gs)
    const scripts = [...inline].map(([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`)
    expect(scripts.length).toBeGreaterThan(0)
    expect(await policyOf(path)).toMatchObject({
      'default-src': ['\'none\''],
      'script-src': ['\'self\'', ...scripts],
      'connect-src': ['\'self\''],
      'form-action': ['\'self\''],
      'base-uri': ['\'none\''],
      'frame-ancestors': ['\'none\''],
    })
  })

  it('of the description of the API allows no inline script', async () => {
    expect((await policyOf('/api/docs'))['script-src']).toEqual(['\'self\''])
  })

  it.each([
    '/api/courses', '/health', '/api/openapi.json', '/_docs/swagger-ui.css', '/docs.js',
  ])('of %s, which is no page, allows nothing', async (path) => {
    expect(await policyOf(path)).toEqual({
      'default-src': ['\'none\''],
      'base-uri': ['\'none\''],
      'form-action': ['\'none\''],
      'frame-ancestors': ['\'none\''],
    })
  })
})

it.each(['/', '/api/courses', '/health', '/api/docs'])('%s is asked for by https alone once it was', async (path) => {
  expect((await get(path, { 'x-forwarded-proto': 'https' })).headers.get('strict-transport-security')).toBe('max-age=31536000')
  expect((await get(path)).headers.get('strict-transport-security')).toBeNull()
})

it('the page of the API has its three files, and nothing else of the package', async () => {
  for (const file of ['/_docs/swagger-ui.css', '/_docs/swagger-ui-bundle.js', '/docs.js']) expect((await get(file)).status, file).toBe(200)
  for (const file of [
    'swagger-ui.css.map', 'swagger-ui-bundle.js.map', 'swagger-ui.js', 'index.html', 'package.json', 'README.md',
    'oauth2-redirect.html', 'swagger-initializer.js', 'absolute-path.js',
  ])
    expect((await get(`/_docs/${file}`)).status, file).toBe(404)
})

describe('a null character', () => {
  const lists = ['projects', 'repos', 'challenges', 'tasks', 'contributors', 'runs', 'audit', 'courses']
  const names = ['search', 'actor', 'subjectId', 'workflow', 'x']
  it.each(lists.flatMap(list => names.map(name => `/api/${list}?${name}=a%00b`)))('in %s is 400', async (path) => {
    expectProblem(await atelier.api.call('GET', path), 400, 'VALIDATION_FAILED')
  })

  it('in a body is 400, wherever it stands', async () => {
    for (const [path, body, field] of [
      ['/api/projects', { title: 'a\0b' }, 'title'], ['/api/projects', { title: 'a', description: 'b\0' }, 'description'],
      ['/api/session', { apiKey: 'a\0' }, 'apiKey'], ['/api/session', { code: 'a\0' }, 'code'],
    ] as const) {
      const { errors } = expectProblem(await atelier.api.call('POST', path, { body, headers: fromElsewhere() }), 400, 'VALIDATION_FAILED')
      expect(errors!.map(error => error.field)).toEqual([field])
    }
  })
})

it.each([
  'a/..', '../orgs', './x', 'a/.', '../..', 'a/b/../../orgs', 'a/%2e%2e', 'a\\..', 'a../b', 'a/b?x', 'a/b#x', 'a/', '/b', 'a/b.git',
])('a repository and a template called "%s" are 400', async (name) => {
  const create = async (path: string, body: object) => (await atelier.api.call<{ uuid: string }>('POST', path, { body })).body
  const project = await create('/api/projects', { title: 'Names' })
  const repoOf = (type: string, external_repo_id: string) => ({ title: 'R', type, external_repo_id, project_id: project.uuid })
  for (const type of ['github', 'gitlab', 'huggingface'])
    expectProblem(await atelier.api.call('POST', '/api/repos', { body: repoOf(type, name) }), 400, 'VALIDATION_FAILED')
  const repo = await create('/api/repos', repoOf('github', 'atelier/names'))
  const challenge = await create('/api/challenges', { title: 'C', project_id: project.uuid })
  const link = { challenge_id: challenge.uuid, repo_id: repo.uuid, workspace_type: 'git_repo', options: { template: name } }
  const { errors } = expectProblem(await atelier.api.call('POST', '/api/repos/challenge-repos', { body: link }), 400, 'VALIDATION_FAILED')
  expect(errors!.map(error => error.field)).toEqual(['template'])
})
