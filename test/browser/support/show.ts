import { linkedChallenge, link, make, newContributor, newTask, assign, repoOnGitHub } from '../../support/projects.ts'
import type { Repo } from '../../../shared/schemas/project.ts'
import type { Dashboard } from './browser.ts'

const groups = ['Alpha', 'Beta', 'Gamma', 'Delta'].map((name, index) => ({ name, number: index + 1 }))

/** Makes courses and workspaces in every state. @returns the path of a page for each name */
export async function showEverything(dashboard: Dashboard): Promise<Record<string, string>> {
  const [courses, challenges] = await Promise.all([showCourses(dashboard), showChallenge(dashboard)])
  return {
    'sign-in': '/sign-in', 'courses': '/', 'new-course': '/courses/new', 'runs': '/runs', 'keys': '/keys', 'sessions': '/sessions',
    'audit': '/audit', 'audit-actions': '/audit?tab=actions',
    ...courses, ...challenges,
  }
}

async function showCourses({ api, github }: Dashboard): Promise<Record<string, string>> {
  const guild = { discordGuildId: '1100000000000000001' }
  const create = async (body: object) => (await api.createCourse({ semester: 'Winter 2026', ...body })).body
  await github.fault({
    operation: 'repos/create-in-org', subject: '/databases.*group-2/', when: 'before', action: 'status',
    status: 403, body: { message: 'Resource not accessible by personal access token' }, times: 99,
  })
  await github.fault({
    operation: 'repos/update-branch-protection', subject: '/algorithms/', when: 'before', action: 'status', status: 403,
    body: { message: 'Upgrade to GitHub Team or make this repository public to enable this feature.' }, times: 99,
  })
  await github.fault({ operation: 'repos/create-in-org', subject: '/software.*group-4/', when: 'before', action: 'hold', times: 99 })
  await github.fault({ operation: 'git/create-commit', subject: '/software.*group-3/', when: 'before', action: 'hold', times: 99 })

  const failed = await create({ name: 'Databases', type: 'LABORATORY', labGroups: groups, ...guild })
  const completed = await create({ name: 'Algorithms and Data Structures', type: 'LECTURE', ...guild })
  const waiting = await create({
    name: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft', type: 'LECTURE',
  })
  const running = await create({ name: 'Software Engineering', type: 'COMBINED', labGroups: groups, ...guild })
  await api.call('POST', '/api/keys', { body: { name: 'Teaching assistants', role: 'operator' } })
  await Promise.all([api.reached(failed.id, 'FAILED'), api.reached(completed.id, 'COMPLETED'), api.reached(waiting.id, 'WAITING')])
  return {
    running: `/courses/${running.id}`,
    failed: `/courses/${failed.id}?tab=audit`,
    waiting: `/courses/${waiting.id}`,
    completed: `/courses/${completed.id}`,
    run: `/runs/${failed.run.id}`,
  }
}

/**
 * A challenge with a workspace that is ready, one that failed, one that is being made and
 * one that waits for a person, and tasks in both columns.
 */
async function showChallenge(dashboard: Dashboard): Promise<Record<string, string>> {
  const { github } = dashboard
  await github.fault({
    operation: 'git/create-ref', subject: '/locked/', when: 'before',
    action: 'status', status: 401, body: { message: 'Bad credentials' }, times: 99,
  })
  await github.fault({ operation: 'git/create-ref', subject: '/slow/', when: 'before', action: 'hold', times: 99 })
  const { project, challenge } = await linkedChallenge(dashboard, 'Admin Experience Update', 'leaderboard')
  await dashboard.api.call('POST', '/api/keys', {
    body: { name: 'Tutors of the leaderboard', role: 'operator', binding: { projects: [project.uuid] } },
  })
  const repoNamed = async (title: string) => make<Repo>(dashboard, '/api/repos', {
    title, type: 'github', external_repo_id: await repoOnGitHub(dashboard, title), project_id: project.uuid,
  })
  const [ada, grace] = [await newContributor(dashboard, 'Ada Lovelace'), await newContributor(dashboard, 'Grace Hopper')]
  const [setup, guide, done] = [
    await newTask(dashboard, challenge, 'Setup Environment', { description: 'Install what is needed, and write down how.' }),
    await newTask(dashboard, challenge, 'Write the Guide', { type: 'concurrent' }),
    await newTask(dashboard, challenge, 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'),
  ]
  await newTask(dashboard, challenge, 'Check the Links', { parent_task_id: guide.uuid })
  await Promise.all(([[setup, ada], [guide, ada], [guide, grace], [done, grace]] as const).map(([task, who]) =>
    assign(dashboard, task, who)))
  const designs = await make<Repo>(dashboard, '/api/repos', { title: 'Designs', type: 'figma', project_id: project.uuid })
  await Promise.all([
    dashboard.api.call('PATCH', `/api/tasks/${done.uuid}/complete`),
    ...['locked', 'slow'].map(async title => link(dashboard, challenge, await repoNamed(title))),
    link(dashboard, challenge, designs),
    repoNamed('unlinked'),
  ])
  return {
    projects: '/projects', project: `/projects/${project.uuid}`,
    challenge: `/challenges/${challenge.uuid}`, contributors: '/contributors', providers: '/providers',
  }
}
