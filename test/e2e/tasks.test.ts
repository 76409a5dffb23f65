import { describe, expect, it } from 'vitest'
import { assign, linkedChallenge, newContributor, newTask } from '../support/projects.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()

describe('assigning a task', () => {
  it('makes its branch from the challenge\'s in every linked repository', async () => {
    const { challenge, repos } = await linkedChallenge(atelier, 'Admin Experience Update', 'server', 'client')
    const task = await newTask(atelier, challenge, 'Setup Environment')
    const ada = await newContributor(atelier, 'Ada Lovelace')
    const { status, body } = await assign(atelier, task, ada)
    expect(status).toBe(201)
    expect(body.assignment).toMatchObject({ task_id: task.uuid, user_id: ada.uuid })
    expect(body.provisioning.map(({ repo_id }) => repo_id).sort()).toEqual(repos.map(({ uuid }) => uuid).sort())
    for (const { status, workspace } of body.provisioning)
      expect([status, workspace]).toMatchObject(['ready', { ref: 'refs/heads/task/001-setup-environment', meta: { baseBranch: 'challenge/001-admin-experience-update' } }])
  })
})
