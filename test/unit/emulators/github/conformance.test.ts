import { expect, it } from 'vitest'
import { GITHUB_ORG } from '../../../../emulators/defaults.ts'
import { createRepo, rejection, useGitHub } from '../support/emulators.ts'

const github = useGitHub()

it('conforms to GitHub\'s API description in every operation', async () => {
  const api = github.octokit()
  const { data: user } = await api.users.getAuthenticated()
  await api.repos.createForAuthenticatedUser({ name: 'mine', description: 'A repository' })
  await api.repos.createInOrg({ org: GITHUB_ORG, name: 'empty', private: false })
  const at = await createRepo(github)
  await api.repos.update({ ...at, is_template: true })
  const template = { template_owner: at.owner, template_repo: at.repo }
  const { data: generated } = await api.repos.createUsingTemplate({
    ...template,
    owner: GITHUB_ORG,
    name: 'generated',
    private: true,
  })
  expect((await api.repos.getContent({ owner: GITHUB_ORG, repo: generated.name, path: 'README.md' })).status).toBe(200)
  await api.repos.listForOrg({ org: GITHUB_ORG })
  await api.repos.get(at)
  await api.repos.get({ owner: user.login, repo: 'mine' })

  const { data: ref } = await api.git.getRef({ ...at, ref: 'heads/main' })
  const { data: blob } = await api.git.createBlob({ ...at, content: 'SGk=', encoding: 'base64' })
  const { data: tree } = await api.git.createTree({
    ...at,
    base_tree: ref.object.sha,
    tree: [
      { path: 'a/b.md', mode: '100644', type: 'blob', content: 'inline' },
      { path: 'c.md', mode: '100755', type: 'blob', sha: blob.sha },
    ],
  })
  const { data: commit } = await api.git.createCommit({ ...at, message: 'Add files', tree: tree.sha, parents: [ref.object.sha] })
  await api.git.updateRef({ ...at, ref: 'heads/main', sha: commit.sha })
  await api.git.createRef({ ...at, ref: 'refs/heads/challenge/007-setup', sha: commit.sha })
  await api.git.createRef({ ...at, ref: 'refs/heads/old', sha: commit.sha })
  await api.git.deleteRef({ ...at, ref: 'heads/old' })
  await api.git.getTree({ ...at, tree_sha: tree.sha, recursive: 'true' })
  await api.git.getCommit({ ...at, commit_sha: commit.sha })

  for (const rules of [null, { users: [user.login], teams: [] }]) {
    await api.repos.updateBranchProtection({
      ...at,
      branch: 'main',
      required_status_checks: rules && { strict: true, contexts: ['ci'] },
      enforce_admins: rules ? true : null,
      required_pull_request_reviews: rules && { required_approving_review_count: 1, dismiss_stale_reviews: true },
      restrictions: rules,
    })
    await api.repos.getBranchProtection({ ...at, branch: 'main' })
  }
  await api.repos.listBranches(at)
  await api.repos.getBranch({ ...at, branch: 'main' })
  await api.repos.getBranch({ ...at, branch: 'challenge/007-setup' })

  for (const path of ['', 'c.md', 'a', 'a/b.md']) await api.repos.getContent({ ...at, path })
  await api.repos.createCommitStatus({ ...at, sha: commit.sha, state: 'pending', context: 'ci/central-pipeline' })
  await api.repos.getCombinedStatusForRef({ ...at, ref: 'main' })
  await api.repos.createDispatchEvent({ ...at, event_type: 'services-changed', client_payload: { sha: commit.sha } })
  await api.actions.listWorkflowRunsForRepo(at)
  await github.control.settings({ seed: { runs: [{ repo: at.repo, name: 'central', conclusion: 'success' }] } })
  const { data: runs } = await api.actions.listWorkflowRunsForRepo(at)
  expect(runs.total_count).toBe(1)

  expect(github.contract.operations.filter(operation => !github.contract.seen.has(operation))).toEqual([])
})

it('conforms to GitHub\'s API description in errors', async () => {
  const api = github.octokit()
  const at = await createRepo(github)
  const nowhere = { owner: GITHUB_ORG, repo: 'nowhere' }
  expect(await rejection(github.octokit('wrong').users.getAuthenticated())).toMatchObject({ status: 401, message: 'Bad credentials' })
  expect(await rejection(api.repos.get(nowhere))).toMatchObject({ status: 404 })
  expect(await rejection(api.repos.createInOrg({ org: GITHUB_ORG, name: 'course' }))).toMatchObject({ status: 422 })
  const noTemplate = { template_owner: at.owner, template_repo: at.repo, name: 'x' }
  expect(await rejection(api.repos.createUsingTemplate(noTemplate))).toMatchObject({ status: 404 })
  expect(await rejection(api.git.getRef({ ...at, ref: 'heads/none' }))).toMatchObject({ status: 404 })
  expect(await rejection(api.git.createRef({ ...at, ref: 'refs/heads/x', sha: '0'.repeat(40) }))).toMatchObject({ status: 422 })
  expect(await rejection(api.repos.getBranch({ ...at, branch: 'none' })))
    .toMatchObject({ status: 404, message: 'Branch not found' })
  expect(await rejection(api.repos.getContent({ ...at, path: 'none' }))).toMatchObject({ status: 404 })
})
