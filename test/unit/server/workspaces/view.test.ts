import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { db } from '../../../../server/db/client.ts'
import { settleRunRow } from '../../../../server/engine/queries/runs.ts'
import { findOrInsertLink, updateWorkspace } from '../../../../server/workspaces/queries/workspaces.ts'
import { provisioningOf } from '../../../../server/workspaces/view.ts'
import { sql, useDatabase } from '../support/database.ts'

useDatabase()

it('a workspace that was read before its run completed is shown as it is, not as failed', async () => {
  const [projectId, repoId, challengeId] = [randomUUID(), randomUUID(), randomUUID()]
  await sql`insert into projects (id, title) values (${projectId}, 'Project')`
  await sql`insert into repos (id, project_id, title, type, external_repo_id) values (${repoId}, ${projectId}, 'Repo', 'github', 'a/b')`
  await sql`insert into challenges (id, project_id, index, title, slug) values (${challengeId}, ${projectId}, 1, 'Challenge', 'challenge')`
  const wanted = { repoId, provider: 'GitHub Branch', type: 'git_branch' as const, ref: 'refs/heads/challenge/001-challenge', options: {} }
  const { link, runId } = await db().transaction(tx => findOrInsertLink(tx, challengeId, wanted, 'owner'))
  expect((await provisioningOf(link)).status).toBe('pending')

  await updateWorkspace(link, { status: 'ready', url: 'http://github.test/a/b' })
  await sql`update provisioning_steps set status = 'completed' where run_id = ${runId}`
  await settleRunRow(runId, null)
  expect(await provisioningOf(link)).toMatchObject({ status: 'ready', url: 'http://github.test/a/b', run: { status: 'completed' } })
})
