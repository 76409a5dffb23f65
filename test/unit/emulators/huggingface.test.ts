import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createControl } from '../../../emulators/control-client.ts'
import type { Emulator } from '../../../emulators/core/types.ts'
import { HF_ORG, HF_TOKEN } from '../../../emulators/defaults.ts'
import { type HuggingFaceState, start } from '../../../emulators/huggingface/index.ts'
import { temporaryFolder } from './support/emulators.ts'

const folder = temporaryFolder()
let hub: Emulator
beforeAll(async () => {
  hub = await start({ dataDir: folder.path })
})
beforeEach(() => fetch(`${hub.url}/__emulator/reset`, { method: 'POST' }))
afterAll(() => hub.close())

async function call(method: string, path: string, body?: object | string, token = HF_TOKEN) {
  const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json'
  const answer = await fetch(`${hub.apiUrl}/api${path}`, {
    method,
    headers: { 'authorization': `Bearer ${token}`, 'content-type': type },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  })
  const text = await answer.text()
  const isJson = text.startsWith('{') || text.startsWith('[')
  return {
    status: answer.status,
    error: answer.headers.get('x-error-message'),
    body: isJson ? JSON.parse(text) as Record<string, unknown> : text,
  }
}

const create = (more: object = {}) =>
  call('POST', '/repos/create', { type: 'space', name: 'demo', organization: HF_ORG, sdk: 'gradio', private: true, ...more })
const commit = (readme: string, header: object = {}) => call('POST', `/spaces/${HF_ORG}/demo/commit/main`, [
  { key: 'header', value: { summary: 'Change', ...header } },
  { key: 'file', value: { path: 'README.md', content: Buffer.from(readme).toString('base64'), encoding: 'base64' } },
].map(line => JSON.stringify(line)).join('\n'))

it('creates a Space once, in any case of its name, and deletes it', async () => {
  const body = { url: `${hub.url}/spaces/${HF_ORG}/demo`, name: `${HF_ORG}/demo` }
  expect(await create()).toMatchObject({ status: 200, body })
  expect(await create({ name: 'DEMO' })).toMatchObject({ status: 409, error: expect.stringContaining('already created') })
  const deleted = await call('DELETE', '/repos/delete', { type: 'space', name: 'demo', organization: HF_ORG })
  expect(deleted).toMatchObject({ status: 200 })
  expect(await call('GET', `/spaces/${HF_ORG}/demo`)).toMatchObject({ status: 404, error: 'Repository not found' })
})

it('answers the card and the commit of a Space', async () => {
  await create()
  const card = 'title: "A \\"title\\""\nsdk: gradio\npinned: false\ntags:\n- atelier-1\n- two'
  const { body } = await commit(`---\n${card}\n---\n\n# Hi\n`)
  const info = await call('GET', `/spaces/${HF_ORG}/demo`)
  expect(info.body).toMatchObject({
    sha: (body as { commitOid: string }).commitOid,
    private: true,
    sdk: 'gradio',
    cardData: { title: 'A "title"', pinned: false, tags: ['atelier-1', 'two'] },
    tags: expect.arrayContaining(['atelier-1']),
  })
  const commits = await call('GET', `/spaces/${HF_ORG}/demo/commits/main`)
  expect(commits.body).toMatchObject([{ title: 'Change' }, { title: 'initial commit' }])
})

it('refuses a commit whose parent is not the newest commit', async () => {
  await create()
  expect(await commit('x', { parentCommit: '0'.repeat(40) })).toMatchObject({ status: 412 })
  expect(await commit('x', { summary: '' })).toMatchObject({ status: 400 })
})

it.for([['-x'], ['a--b'], ['a..b'], ['x'.repeat(97)], ['a/b'], ['']])('refuses the name %s', async ([name]) => {
  expect((await create({ name })).status).toBe(400)
})

it('refuses calls without a token, and writes without the right to write', async () => {
  expect(await call('GET', '/whoami-v2', undefined, 'wrong'))
    .toMatchObject({ status: 401, error: 'Invalid username or password.' })
  expect(await create({ organization: 'others' }))
    .toMatchObject({ status: 403, error: expect.stringContaining('under the namespace "others"') })
  expect(await create({ sdk: 'cobol' })).toMatchObject({ status: 400 })
  const control = createControl(hub.url)
  await control.settings({
    tokens: { reader: { role: 'read' } },
    seed: { spaces: [{ id: 'others/secret', private: true }, { id: 'others/open' }] },
  })
  expect(await create()).toMatchObject({ status: 401 })
  const space = { type: 'space', name: 'x', organization: HF_ORG, sdk: 'static' }
  expect((await call('POST', '/repos/create', space, 'reader')).status).toBe(403)
  expect((await call('GET', '/spaces/others/secret', undefined, 'reader')).status).toBe(404)
  expect((await call('GET', '/spaces/others/open', undefined, 'reader')).status).toBe(200)
})

it('keeps its state after a restart, and has web pages for its links', async () => {
  await create({ name: 'kept' })
  const before = await createControl(hub.url).state<HuggingFaceState>()
  await hub.close()
  hub = await start({ dataDir: folder.path })
  expect(await createControl(hub.url).state<HuggingFaceState>()).toEqual(before)
  for (const path of ['/', '/spaces', `/spaces/${HF_ORG}/kept`]) expect((await fetch(hub.url + path)).status, path).toBe(200)
  expect((await fetch(`${hub.url}/spaces/${HF_ORG}/none`)).status).toBe(404)
})
