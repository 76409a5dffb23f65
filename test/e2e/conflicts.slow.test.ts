import { describe, expect, it } from 'vitest'
import type { DiscordState } from '../../emulators/discord/state.ts'
import { laboratory, lecture } from '../support/courses.ts'
import { guild, repos } from '../support/outside.ts'
import { expectExactlyOnce } from '../chaos/exactly-once.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()
const api = (method: string, path: string, body?: object) => fetch(`${atelier.github.url}/api/v3${path}`, {
  method, headers: { authorization: 'Bearer emulator-github-token' }, body: body && JSON.stringify(body),
})
const discordApi = (method: string, path: string) =>
  fetch(`${atelier.discord.url}/api/v10${path}`, { method, headers: { authorization: 'Bot emulator-discord-token' } })
const category = 4

async function failed(body: object) {
  const { body: { id } } = await atelier.api.createCourse(body)
  return atelier.api.reached(id, 'FAILED')
}

async function completedByRetry(id: string) {
  expect((await atelier.api.call('POST', `/api/courses/${id}/retry`)).status).toBe(202)
  await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
}

describe('a repository of that name that is not ours', () => {
  const untouched = async (name: string) => {
    const repo = (await repos(atelier)).get(name)!
    expect(repo.branches.main!.commits).toHaveLength(1)
    expect(repo.branches.main!.protection).toBeNull()
  }

  it('is a conflict, is left untouched, and after it was renamed a retry completes', async () => {
    await atelier.github.settings({ seed: { repos: [{ name: 'taken-2026', description: 'Somebody else\'s' }] } })
    const { id, run } = await failed(lecture('Taken'))
    expect(run.error).toMatchObject({
      code: 'RESOURCE_CONFLICT', message: expect.stringContaining('atelier/taken-2026'),
      fix: expect.stringContaining('Rename or remove'),
    })
    expect(run.steps.map(({ status, attempts }) => [status, attempts]))
      .toEqual([['completed', 1], ['completed', 1], ['failed', 1], ['pending', 0], ['pending', 0]])
    await untouched('taken-2026')
    expect((await api('PATCH', '/repos/atelier/taken-2026', { name: 'moved-away' })).status).toBe(200)
    await completedByRetry(id)
  })

  it('is one in another case, too', async () => {
    await atelier.github.settings({ seed: { repos: [{ name: 'CASED-2026' }] } })
    expect((await failed(lecture('Cased'))).run.error).toMatchObject({ code: 'RESOURCE_CONFLICT' })
    await untouched('CASED-2026')
  })

  it('is one with the mark of another course, or of another group', async () => {
    const other = await atelier.api.createCourse(lecture('Other course'))
    await atelier.api.reached(other.body.id, 'COMPLETED')
    await atelier.github.settings({ seed: { repos: [{ name: 'marked-2026', description: `Ours? [atelier:${other.body.id}/main]` }] } })
    expect((await failed(lecture('Marked'))).run.error).toMatchObject({ code: 'RESOURCE_CONFLICT' })
    await untouched('marked-2026')
    const chosen = await failed(lecture('Chosen', { githubRepoName: 'other-course-2026' }))
    expect(chosen.run.error).toMatchObject({ code: 'RESOURCE_CONFLICT', fix: expect.stringContaining('githubRepoName') })
    expect((await repos(atelier)).get('other-course-2026')!.branches.main!.commits).toHaveLength(2)
  })

  it('stops only the group that it is about', async () => {
    await atelier.github.settings({ seed: { repos: [{ name: 'groups-2026-group-2' }] } })
    const { id, run } = await failed(laboratory('Groups', 3))
    expect(run.steps.map(({ done }) => done)).toEqual([1, 3, 3, 2, 2, 2])
    expect((await api('DELETE', '/repos/atelier/groups-2026-group-2')).status).toBe(204)
    await completedByRetry(id)
  })
})

describe('a resource on the Discord server that is not ours', () => {
  it('is a conflict when it is a role, and after it was removed a retry completes', async () => {
    const { seeded } = await atelier.discord.settings({
      seed: { roles: [{ name: 'roles-2026 · 2 Team 2', permissions: '8' }] },
    }) as { seeded: { roles: string[] } }
    const { id, run } = await failed(laboratory('Roles', 2))
    expect(run.error).toMatchObject({ code: 'RESOURCE_CONFLICT', message: expect.stringContaining('role "roles-2026 · 2 Team 2"') })
    expect(run.steps.map(({ name, status, done }) => [name, status, done])).toEqual([
      ['CREATE_DISCORD_SERVER', 'completed', 1], ['CREATE_GROUP_ROLES', 'failed', 1], ['CREATE_GROUP_CHANNELS', 'pending', 1],
      ['CREATE_GROUP_REPOS', 'completed', 2], ['APPLY_GROUP_BRANCH_PROTECTIONS', 'completed', 2], ['SEED_GROUP_CONTENT', 'completed', 2]])
    expect((await guild(atelier)).roles.find(role => role.id === seeded.roles[0])).toMatchObject({ permissions: '8' })
    expect((await discordApi('DELETE', `/guilds/1100000000000000001/roles/${seeded.roles[0]}`)).status).toBe(204)
    await completedByRetry(id)
  })

  it('is a conflict when it is a category', async () => {
    const { seeded } = await atelier.discord.settings({
      seed: { channels: [{ name: 'Shelf · 2026', type: category }] },
    }) as { seeded: { channels: string[] } }
    const { id, run } = await failed(lecture('Shelf'))
    expect(run.error).toMatchObject({ code: 'RESOURCE_CONFLICT', message: expect.stringContaining('category "Shelf · 2026"') })
    expect((await discordApi('DELETE', `/channels/${seeded.channels[0]}`)).status).toBe(200)
    await completedByRetry(id)
  })

  it('is a conflict when it is a channel in the course\'s own category', async () => {
    await atelier.discord.fault({
      operation: 'create_guild_channel', subject: 'qa-help', when: 'before',
      action: 'status', status: 400, body: { code: 50035, message: 'Invalid Form Body' },
    })
    const { id } = await failed(lecture('Squatted'))
    const place = (await guild(atelier)).channels.find(({ name }) => name === 'Squatted · 2026')!
    const { seeded } = await atelier.discord.settings({
      seed: { channels: [{ name: 'qa-help', parentId: place.id, topic: 'Mine' }] },
    }) as { seeded: { channels: string[] } }
    await atelier.api.call('POST', `/api/courses/${id}/retry`)
    const { run } = await atelier.api.reached(id, 'FAILED')
    expect(run.error).toMatchObject({ code: 'RESOURCE_CONFLICT', message: expect.stringContaining('channel "qa-help"') })
    expect((await discordApi('DELETE', `/channels/${seeded.channels[0]}`)).status).toBe(200)
    await completedByRetry(id)
  })

  it('elsewhere on the server is nobody\'s business', async () => {
    await atelier.discord.settings({
      seed: { channels: [{ name: 'announcements', topic: 'Everybody\'s' }], roles: [{ name: 'Elsewhere' }] },
    })
    const { body: { id } } = await atelier.api.createCourse(lecture('Elsewhere'))
    await expectExactlyOnce(atelier, await atelier.api.reached(id, 'COMPLETED'))
    const { guilds } = await atelier.discord.state<DiscordState>()
    expect(guilds[0]!.channels.filter(({ name, ...channel }) =>
      name === 'announcements' && 'topic' in channel && channel.topic === 'Everybody\'s')).toHaveLength(1)
  })

  it('is never taken for our own though we were killed before ours was made', async () => {
    const role = (name: string) => laboratory(name, 1, { labGroups: [{ name: 'A', number: 1, discordRoleName: 'Tutors' }] })
    const fault = await atelier.discord.fault({ operation: 'create_guild_role', subject: 'Tutors', when: 'before', action: 'hold' })
    const first = await atelier.api.createCourse(role('First'))
    await atelier.discord.reached(fault)
    const second = await atelier.api.createCourse(role('Second'))
    const theirs = await atelier.api.reached(second.body.id, 'COMPLETED')
    await atelier.server.kill()
    await atelier.discord.removeFault(fault)
    await atelier.server.start()
    const { run } = await atelier.api.reached(first.body.id, 'FAILED')
    expect(run.error).toMatchObject({ code: 'RESOURCE_CONFLICT', message: expect.stringContaining('Tutors') })
    await expectExactlyOnce(atelier, theirs)
  })
})
