import { expect, it } from 'vitest'
import { lecture } from '../support/courses.ts'
import { outsideCalls } from '../support/outside.ts'
import { expectProblem } from '../support/problems.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier({ env: { GITHUB_ALLOWED: 'atelier' } })

type Created = { uuid: string }
type Linked = { provisioning: { status: string, error: { code: string, fix: string } } }

it('a server with an allow-list provisions within it, and takes and touches no other repository', async () => {
  const { body: course } = await atelier.api.createCourse(lecture('Allowed'))
  await atelier.api.reached(course.id, 'COMPLETED')
  const { body: project } = await atelier.api.call<Created>('POST', '/api/projects', { body: { title: 'Allowed' } })
  const repo = (external_repo_id: string) => ({ title: 'R', type: 'github', external_repo_id, project_id: project.uuid })
  expectProblem(await atelier.api.call('POST', '/api/repos', { body: repo('foreign/x') }), 422, 'GITHUB_NOT_ALLOWED')
  const { body: own } = await atelier.api.call<Created>('POST', '/api/repos', { body: repo('atelier/x') })
  const moved = await atelier.api.call('PUT', `/api/repos/${own.uuid}`, { body: { external_repo_id: 'foreign/x' } })
  expectProblem(moved, 422, 'GITHUB_NOT_ALLOWED')

  const { body: challenge } = await atelier.api.call<Created>('POST', '/api/challenges', { body: { title: 'C', project_id: project.uuid } })
  const link = { challenge_id: challenge.uuid, repo_id: own.uuid, workspace_type: 'git_repo', options: { template: 'foreign/template' } }
  const { body: { provisioning } } = await atelier.api.call<Linked>('POST', '/api/repos/challenge-repos', { body: link })
  expect(provisioning).toMatchObject({
    status: 'failed',
    error: { code: 'GITHUB_NOT_ALLOWED', fix: expect.stringContaining('GITHUB_ALLOWED') },
  })
  const calls = await outsideCalls(atelier)
  expect(calls.filter(({ path }) => /foreign/.test(path))).toEqual([])
  expect(calls.length).toBeGreaterThan(0)
})
