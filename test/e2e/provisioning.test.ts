import { describe, expect, it } from 'vitest'
import { DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import { combined, laboratory, lecture } from '../support/courses.ts'
import { guild, outsideCalls, repos, underCategory } from '../support/outside.ts'
import { useAtelier } from '../support/use-atelier.ts'

const VIEW_CHANNEL = '1024'
const SEED = ['.github/pull_request_template.md', 'CONTRIBUTING.md', 'README.md', 'assignments/TEMPLATE.md', 'syllabus.md']
const LECTURE_STEPS = ['CREATE_DISCORD_CHANNELS', 'CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT']
const GROUP_STEPS = [
  'CREATE_GROUP_ROLES', 'CREATE_GROUP_CHANNELS', 'CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT',
]

const atelier = useAtelier()

async function expectRepo(name: string) {
  const repo = (await repos(atelier)).get(name)!
  expect(repo).toMatchObject({ private: true, owner: 'atelier', default_branch: 'main' })
  const { commits, files, protection } = repo.branches.main!
  expect(files.toSorted()).toEqual(SEED)
  expect(commits, 'the first commit of the repository, and the seed on it').toHaveLength(2)
  const [first, seed] = commits.toSorted((a, b) => a.parents.length - b.parents.length)
  expect(seed!.parents).toEqual([first!.sha])
  expect(seed!.message).toMatch(/^Seed the course\n\nAtelier-Seed: atelier:/)
  expect(protection).toMatchObject({
    required_pull_request_reviews: { required_approving_review_count: 1 }, allow_force_pushes: false, allow_deletions: false,
  })
}

describe('a lecture', () => {
  it('is answered at once, and made afterwards', async () => {
    const fault = await atelier.github.fault({ mutation: true, when: 'before', action: 'hold', times: 100 })
    const { status, body } = await atelier.api.createCourse(lecture('Answered at once'))
    expect(status).toBe(202)
    expect(body.run.steps.map(({ name, order }) => [order, name]))
      .toEqual(['CREATE_DISCORD_SERVER', ...LECTURE_STEPS].map((name, index) => [index + 1, name]))
    expect(body.status).toBe('PENDING')
    await atelier.github.reached(fault)
    expect(await atelier.api.course(body.id)).toMatchObject({ status: 'IN_PROGRESS', githubRepoUrl: null })
    for (const [name, link] of Object.entries(body.links).filter(([name]) => name !== 'events'))
      expect((await atelier.api.call('GET', link)).status, name).toBe(200)
    await atelier.github.removeFault()
    await atelier.api.reached(body.id, 'COMPLETED')
  })

  it('has four channels and one private, protected repository with one seed commit', async () => {
    const { body: { id } } = await atelier.api.createCourse(lecture('Introduction to C++'))
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.run.steps.map(({ status, attempts, done, total }) => [status, attempts, done, total]))
      .toEqual([[1, 1], [4, 4], [1, 1], [1, 1], [1, 1]].map(count => ['completed', 1, ...count]))
    const channels = underCategory(await guild(atelier), 'Introduction to C++ · 2026')
    expect(channels.map(({ name }) => name).sort()).toEqual(['announcements', 'general', 'lectures', 'qa-help'])
    await expectRepo('introduction-to-cpp-2026')
    expect(course.warnings).toEqual([])
  })

  it('takes the names that a person chose', async () => {
    const { body: { id } } = await atelier.api.createCourse(lecture('Chosen', {
      githubRepoName: 'My.Repo_1', discordChannels: ['News & Views', 'Ask'],
    }))
    await atelier.api.reached(id, 'COMPLETED')
    expect(underCategory(await guild(atelier), 'Chosen · 2026').map(({ name }) => name).sort()).toEqual(['ask', 'news-views'])
    await expectRepo('My.Repo_1')
  })

  it('reports its steps by the published API\'s names', async () => {
    const { body: { id } } = await atelier.api.createCourse(lecture('Reported'))
    await atelier.api.reached(id, 'COMPLETED')
    const report = await atelier.api.status(id)
    expect(report).toMatchObject({ courseId: id, courseStatus: 'COMPLETED', discordInstall: null })
    expect(report.steps.map(({ stepName, stepOrder, status, attempts, errorMsg }) => [stepOrder, stepName, status, attempts, errorMsg]))
      .toEqual(['CREATE_DISCORD_SERVER', ...LECTURE_STEPS].map((name, index) => [index + 1, name, 'COMPLETED', 1, null]))
    for (const { startedAt, finishedAt } of report.steps) expect(Date.parse(finishedAt!)).toBeGreaterThanOrEqual(Date.parse(startedAt!))
  })
})

describe('a laboratory', () => {
  it('has for each group a role, a channel that only it sees, and a private, protected, seeded repository', async () => {
    const { body: { id } } = await atelier.api.createCourse(laboratory('Robotics', 3))
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.run.steps.map(({ name, done, total }) => [name, done, total]))
      .toEqual([['CREATE_DISCORD_SERVER', 1, 1], ...GROUP_STEPS.map(name => [name, 3, 3])])
    const server = await guild(atelier)
    const channels = underCategory(server, 'Robotics · 2026')
    expect(channels.map(({ name }) => name).sort()).toEqual([1, 2, 3].map(n => `group-${n}-team-${n}`))
    for (const number of [1, 2, 3]) {
      const role = server.roles.find(({ name }) => name === `robotics-2026 · ${number} Team ${number}`)!
      expect(role.permissions).toBe('0')
      const channel = channels.find(({ name }) => name === `group-${number}-team-${number}`)!
      expect(channel.permission_overwrites!.map(({ id, type, allow, deny }) => ({ id, type, allow, deny }))).toEqual([
        { id: DISCORD_GUILD_ID, type: 0, allow: '0', deny: VIEW_CHANNEL },
        { id: role.id, type: 0, allow: VIEW_CHANNEL, deny: '0' },
      ])
      await expectRepo(`robotics-2026-group-${number}`)
    }
    expect(course.githubRepoUrl).toBeNull()
  })

  it('needs at most six GitHub and two Discord calls a group', async () => {
    await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])
    const { body: { id } } = await atelier.api.createCourse(laboratory('Counted', 5))
    await atelier.api.reached(id, 'COMPLETED')
    expect((await atelier.github.calls()).length / 5).toBeLessThanOrEqual(6)
    // The course's own: its servers, channels, roles, and the category.
    expect(((await atelier.discord.calls()).length - 4) / 5).toBeLessThanOrEqual(2)
  })

  it('goes on in a second category where fifty channels are in the first', async () => {
    const discordChannels = Array.from({ length: 40 }, (_, index) => `room-${index}`)
    const { body: { id } } = await atelier.api.createCourse(combined('Crowded', 11, { discordChannels }))
    await atelier.api.reached(id, 'COMPLETED')
    const server = await guild(atelier)
    expect(['Crowded · 2026', 'Crowded · 2026 2'].map(name => underCategory(server, name).length)).toEqual([50, 1])
  })
})

describe('a combined course', () => {
  it('is the lecture and the groups on one server', async () => {
    const { body: { id } } = await atelier.api.createCourse(combined('Both', 2))
    const course = await atelier.api.reached(id, 'COMPLETED')
    expect(course.run.steps.map(({ name }) => name)).toEqual(['CREATE_DISCORD_SERVER', ...LECTURE_STEPS, ...GROUP_STEPS])
    expect(underCategory(await guild(atelier), 'Both · 2026').map(({ name }) => name).sort())
      .toEqual(['announcements', 'general', 'group-1-team-1', 'group-2-team-2', 'lectures', 'qa-help'])
    await expectRepo('both-2026')
    await expectRepo('both-2026-group-2')
  })

  it('lists everything made, with links that open', async () => {
    const { body: { id } } = await atelier.api.createCourse(combined('Linked', 1))
    const course = await atelier.api.reached(id, 'COMPLETED')
    const resources = await atelier.api.resources(id)
    const count = Object.groupBy(resources, ({ type }) => type)
    expect(Object.fromEntries(Object.entries(count).map(([type, ofType]) => [type, ofType?.length])))
      .toEqual({ GUILD: 1, CATEGORY: 1, CHANNEL: 5, ROLE: 1, REPO: 2, BRANCH_PROTECTION: 2, SEED_COMMIT: 2 })
    const links = [
      ...resources.map(({ url }) => url), course.discordUrl, course.githubRepoUrl,
      ...course.labGroups.flatMap(({ githubRepoUrl, discordChannelUrl }) => [githubRepoUrl, discordChannelUrl]),
    ]
    for (const link of new Set(links)) expect((await fetch(link!)).status, link!).toBe(200)
  })
})

describe('several courses on one server', () => {
  it('leave each other\'s resources alone, even with one name and at the same moment', async () => {
    const before = await guild(atelier)
    await Promise.all([atelier.github.clearCalls(), atelier.discord.clearCalls()])
    const created = await Promise.all(Array.from({ length: 3 }, () => atelier.api.createCourse(combined('Same', 1))))
    const courses = await Promise.all(created.map(({ body: { id } }) => atelier.api.reached(id, 'COMPLETED')))
    const made = (await Promise.all(courses.map(({ id }) => atelier.api.resources(id)))).flat().filter(({ type }) => type !== 'GUILD')
    expect(new Set(made.map(({ type, externalId }) => `${type} ${externalId}`)).size).toBe(made.length)
    const after = await guild(atelier)
    expect(['Same · 2026', 'Same · 2026 (2)', 'Same · 2026 (3)'].map(name => underCategory(after, name).length)).toEqual([5, 5, 5])
    for (const name of ['same-2026', 'same-2026-2', 'same-2026-3', 'same-2026-3-group-1']) await expectRepo(name)
    expect(after.channels.filter(({ id }) => before.channels.some(channel => channel.id === id))).toEqual(before.channels)
    expect(new Set((await outsideCalls(atelier)).filter(({ mutation }) => mutation).map(({ method }) => method))).not.toContain('DELETE')
  })
})
