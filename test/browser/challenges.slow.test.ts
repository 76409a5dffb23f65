import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { assign, commitOnGitHub, linkedChallenge, make, newContributor, newTask, onGitHub } from '../support/projects.ts'
import { paddedIndex } from '../../shared/utils/workspace-names.ts'
import { repos } from '../support/outside.ts'
import { type Dashboard, useDashboard } from './support/browser.ts'
import { watchForReload } from './support/course.ts'

describe('challenges and tasks', () => {
  const dashboard = useDashboard({ env: { HF_TOKEN: '' } })
  beforeEach(() => dashboard.github.removeFault())

  const dialog = (page: Page) => page.getByRole('dialog')
  const workspace = (page: Page, branch: string) => page.locator(`[data-workspace="refs/heads/${branch}"]`)
  const reached = (page: Page, branch: string, status: string) => workspace(page, branch).locator(`[data-status=${status}]`).waitFor()
  const openChallenge = (challenge: { uuid: string }, options?: Parameters<Dashboard['open']>[1]) =>
    dashboard.open(`/challenges/${challenge.uuid}`, options)
  const branches = async (repo: string) => Object.keys((await repos(dashboard)).get(repo)!.branches)

  it('show why a provider failed, and reprovision when that is fixed', async () => {
    const { challenge } = await linkedChallenge(dashboard, 'Broken Token', 'token')
    await newTask(dashboard, challenge, 'Fix It')
    await newContributor(dashboard, 'Grace Hopper')
    const branch = `task/${paddedIndex(challenge.index)}-fix-it`
    await dashboard.github.fault({
      operation: 'git/create-ref', when: 'before', action: 'status', status: 401, body: { message: 'Bad credentials' }, times: 99,
    })
    const page = await openChallenge(challenge)
    const reloaded = await watchForReload(page)
    await page.getByRole('button', { name: 'Assign Fix It' }).click()
    await dialog(page).getByRole('button', { name: 'Assign to Grace Hopper' }).click()
    await reached(page, branch, 'failed')
    await workspace(page, branch).getByText('Bad credentials').first().waitFor()
    await workspace(page, branch).getByText('What to do:').waitFor()

    await dashboard.github.removeFault()
    await page.getByRole('button', { name: `Reprovision ${branch}` }).click()
    await reached(page, branch, 'ready')
    await workspace(page, branch).getByText('Bad credentials').waitFor({ state: 'detached' })
    await page.getByRole('list', { name: 'Assigned to Fix It' }).getByText('Grace Hopper').waitFor()
    expect(await branches('token')).toContain(branch)
    expect(await reloaded()).toBe(false)
  })

  it('follow what others do, and tell what a branch is like outside', async () => {
    const { challenge, repos: [repo] } = await linkedChallenge(dashboard, 'Outside', 'outside')
    const branch = `challenge/${paddedIndex(challenge.index)}-outside`
    const page = await openChallenge(challenge)
    await workspace(page, branch).locator('[data-observed=ready]').waitFor()
    await onGitHub(dashboard, 'DELETE', `/repos/${repo!.external_repo_id}/git/refs/heads/${branch}`)
    await page.getByRole('button', { name: `Check again: ${branch}` }).click()
    await workspace(page, branch).locator('[data-observed=missing]').waitFor()
    await page.getByRole('button', { name: `Reprovision ${branch}` }).click()
    await workspace(page, branch).locator('[data-observed=ready]').waitFor()
    expect(await branches('outside')).toContain(branch)

    const task = await newTask(dashboard, challenge, 'From Elsewhere')
    await assign(dashboard, task, await newContributor(dashboard, 'Alan Turing'))
    await reached(page, branch.replace('challenge/', 'task/').replace(/outside$/, 'from-elsewhere'), 'ready')
    await page.getByRole('list', { name: 'Assigned to From Elsewhere' }).getByText('Alan Turing').waitFor()
    await page.getByRole('button', { name: 'Unassign Alan Turing from From Elsewhere' }).click()
    await page.locator('[data-task=from-elsewhere]').getByText('Nobody is assigned yet.').waitFor()

    await page.getByRole('link', { name: 'Runs' }).click()
    await page.getByRole('link', { name: 'From Elsewhere' }).click()
    await page.getByRole('heading', { name: 'Provision a workspace', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'From Elsewhere', exact: true }).click()
    await page.getByRole('heading', { name: 'Outside', level: 1 }).waitFor()
  })

  it('unlink a repository, and remove its branch if nobody has worked in it', async () => {
    const { challenge, repos: [repo] } = await linkedChallenge(dashboard, 'Let Go', 'let-go')
    const branch = `challenge/${paddedIndex(challenge.index)}-let-go`
    await commitOnGitHub(dashboard, repo!.external_repo_id!, branch)
    const page = await openChallenge(challenge)
    await workspace(page, branch).locator('[data-observed=drifted]').waitFor()
    await page.getByRole('button', { name: 'Unlink let-go' }).click()
    await dialog(page).getByLabel('Also remove the branch').click()
    await dialog(page).getByRole('button', { name: 'Unlink and remove' }).click()
    await dialog(page).getByText('has 1 commit that main does not have').waitFor()
    expect(await branches('let-go')).toContain(branch)
    await dialog(page).getByLabel('Also remove the branch').click()
    await dialog(page).getByRole('button', { name: 'Unlink', exact: true }).click()
    await page.getByText('No repository is linked yet').waitFor()
    expect(await branches('let-go')).toContain(branch)
  })

  it('tell a person what to create, and go on when it is there', async () => {
    const { project, challenge } = await linkedChallenge(dashboard, 'Draw It')
    await make(dashboard, '/api/repos', { title: 'Designs', type: 'figma', project_id: project.uuid })
    const page = await openChallenge(challenge)
    const name = `challenge/${paddedIndex(challenge.index)}-draw-it`
    await page.getByRole('button', { name: 'Link repository' }).click()
    await dialog(page).getByText(name).waitFor()
    await dialog(page).getByRole('button', { name: 'Link', exact: true }).click()
    const row = page.locator(`[data-workspace="${name}"]`)
    await row.locator('[data-status=waiting]').waitFor()
    await row.getByText('Figma does not let programs create projects').waitFor()
    const { items: [waiting] } = (await dashboard.api.call<{ items: { id: string }[] }>('GET', '/api/runs?status=waiting')).body
    await dashboard.api.call('POST', `/api/runs/${waiting!.id}/cancel`, { body: {} })
    await row.locator('[data-status=cancelled]').waitFor()
    await page.getByRole('button', { name: `Reprovision ${name}` }).click()
    await row.locator('[data-status=waiting]').waitFor()
    const team = new URL((await row.getByRole('link', { name: /files\/team/ }).getAttribute('href'))!)
    await fetch(`${dashboard.figma.url}${team.pathname}/projects`, {
      method: 'POST', body: new URLSearchParams({ name }), redirect: 'manual',
    })
    await row.locator('[data-status=ready]').waitFor()
  })

  it('say what a provider lacks, in the list and where it would be used', async () => {
    const { project, challenge } = await linkedChallenge(dashboard, 'Play With It')
    await make(dashboard, '/api/repos', {
      title: 'Playground', type: 'huggingface', external_repo_id: 'atelier/playground', project_id: project.uuid,
    })
    const page = await openChallenge(challenge)
    await page.getByRole('button', { name: 'Link repository' }).click()
    await dialog(page).getByText('Hugging Face Space is not configured').waitFor()
    await dialog(page).getByRole('button', { name: 'Link', exact: true }).click()
    await dialog(page).getByText('What to do:').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Providers' }).click()
    await page.locator('[data-provider=hf_space]').getByText('Set HF_TOKEN and restart Atelier.').waitFor()
    await page.locator('[data-provider=git_branch]').getByText('Ready to use').waitFor()
  })
})
