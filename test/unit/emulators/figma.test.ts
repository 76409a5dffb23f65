import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createControl } from '../../../emulators/control-client.ts'
import type { Emulator } from '../../../emulators/core/types.ts'
import { FIGMA_TEAM_ID, FIGMA_TOKEN } from '../../../emulators/defaults.ts'
import { type FigmaState, start } from '../../../emulators/figma/index.ts'
import { temporaryFolder } from './support/emulators.ts'

const folder = temporaryFolder()
let figma: Emulator
beforeAll(async () => {
  figma = await start({ dataDir: folder.path })
})
beforeEach(() => fetch(`${figma.url}/__emulator/reset`, { method: 'POST' }))
afterAll(() => figma.close())

async function projects(team = FIGMA_TEAM_ID, headers: Record<string, string> = { 'x-figma-token': FIGMA_TOKEN }) {
  const answer = await fetch(`${figma.apiUrl}/v1/teams/${team}/projects`, { headers })
  return { status: answer.status, body: await answer.json() as unknown }
}
const submitForm = (name: string) =>
  fetch(`${figma.url}/files/team/${FIGMA_TEAM_ID}/projects`, { method: 'POST', body: new URLSearchParams({ name }) })

it('lists the projects that users create on its web page', async () => {
  expect(await projects()).toEqual({ status: 200, body: { name: 'Atelier', projects: [] } })
  const page = await submitForm(' challenge/007-<b> ')
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('challenge/007-&lt;b&gt;')])
  expect((await submitForm(' ')).status).toBe(400)
  const { body } = await projects(FIGMA_TEAM_ID, { authorization: `Bearer ${FIGMA_TOKEN}` })
  expect(body).toMatchObject({ projects: [{ id: expect.stringMatching(/^\d+$/), name: 'challenge/007-<b>' }] })
  const [project] = (body as { projects: { id: string }[] }).projects
  expect((await fetch(`${figma.url}/files/project/${project!.id}`)).status).toBe(200)
})

it('has no API call that creates a project', async () => {
  const answer = await fetch(`${figma.apiUrl}/v1/teams/${FIGMA_TEAM_ID}/projects`, {
    method: 'POST',
    headers: { 'x-figma-token': FIGMA_TOKEN },
    body: '{"name":"x"}',
  })
  expect([answer.status, await answer.json()]).toEqual([404, { status: 404, err: 'Not found' }])
})

it('answers 403 to a wrong token and 404 to an unknown team', async () => {
  expect(await projects(FIGMA_TEAM_ID, {})).toEqual({ status: 403, body: { status: 403, err: 'Invalid token' } })
  expect(await projects('7')).toEqual({ status: 404, body: { status: 404, err: 'Not found' } })
})

it('keeps its state after a restart', async () => {
  const control = createControl(figma.url)
  const other = '1300000000000000001'
  await control.settings({
    seed: { teams: [{ id: other, name: 'Others' }], projects: [{ team: other, name: 'one' }, { name: 'two' }] },
  })
  const before = await control.state<FigmaState>()
  await figma.close()
  figma = await start({ dataDir: folder.path })
  expect(await createControl(figma.url).state<FigmaState>()).toEqual(before)
  expect(before.teams.map(team => team.projects.map(({ name }) => name))).toEqual([['two'], ['one']])
})
