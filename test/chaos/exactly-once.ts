import { expect } from 'vitest'
import type { Course } from '../../shared/schemas/course.ts'
import type { DiscordState } from '../../emulators/discord/state.ts'
import type { GitHubState } from '../../emulators/github/state.ts'
import type { Atelier } from '../support/atelier.ts'

/** Compares what the emulators hold with what a course should have, resource by resource. */
export async function expectExactlyOnce(atelier: Pick<Atelier, 'api' | 'github' | 'discord'>, course: Course): Promise<void> {
  const resources = await atelier.api.resources(course.id)
  const named = (type: string) => resources.filter(resource => resource.type === type)
  const github = await atelier.github.state<GitHubState>()
  for (const repo of named('REPO')) {
    const [made, ...more] = github.repos.filter(({ name }) => name.toLowerCase() === repo.name.toLowerCase())
    expect(more, `repositories of the name ${repo.name}`).toEqual([])
    expect(made).toMatchObject({ private: true, id: Number(repo.externalId) })
    const main = made!.branches[made!.default_branch]!
    expect(main.commits.filter(({ message }) => message.includes('Atelier-Seed')), `seed commits of ${repo.name}`).toHaveLength(1)
    expect(main.commits, `commits of ${repo.name}`).toHaveLength(2)
    expect(main.protection, `protection of ${repo.name}`).not.toBeNull()
    expect(main.files).toEqual(expect.arrayContaining([
      'README.md', 'syllabus.md', 'CONTRIBUTING.md', '.github/pull_request_template.md', 'assignments/TEMPLATE.md',
    ]))
  }
  const guild = (await atelier.discord.state<DiscordState>()).guilds.find(({ id }) => id === course.discordGuildId)!
  const [category, ...categories] = guild.channels.filter(({ id, name }) =>
    id === named('CATEGORY')[0]?.externalId || name === named('CATEGORY')[0]?.name)
  expect(categories, 'further categories of that name').toEqual([])
  const channels = guild.channels.filter(channel => channel.parent_id === category?.id)
  expect(channels.map(({ id }) => id).sort()).toEqual(named('CHANNEL').map(({ externalId }) => externalId).sort())
  for (const role of named('ROLE'))
    expect(guild.roles.filter(({ name }) => name === role.name).map(({ id }) => id), `roles of the name ${role.name}`)
      .toEqual([role.externalId])
  const expected = (course.type === 'LABORATORY' ? 0 : 1) + course.labGroups.length
  expect({ repos: named('REPO').length, protections: named('BRANCH_PROTECTION').length, seeds: named('SEED_COMMIT').length })
    .toEqual({ repos: expected, protections: expected, seeds: expected })
  expect({ roles: named('ROLE').length, channels: named('CHANNEL').length })
    .toEqual({ roles: course.labGroups.length, channels: course.labGroups.length + (course.type === 'LABORATORY' ? 0 : 4) })
}

/** Checks that only calls that the provider failed, or did not answer in time, have cost an attempt. */
export async function expectNoAttemptSpent({ api }: Pick<Atelier, 'api'>, { run }: Course): Promise<void> {
  const { body: { items: failed } } = await api.call<{ items: { step: string }[] }>(
    'GET', `/api/audit?runId=${run.id}&result=FAILURE&pageSize=100`,
  )
  for (const { name, attempts } of run.steps)
    expect(attempts, `${name} after ${JSON.stringify(failed)}`).toBeLessThanOrEqual(1 + failed.filter(({ step }) => step === name).length)
}
