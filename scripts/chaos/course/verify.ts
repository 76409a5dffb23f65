import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { RepoState } from '../../../emulators/github/state.ts'
import type { Resource } from '../../../shared/schemas/resource.ts'
import type { ActualState, Finding, Verification } from '../scenario.ts'
import type { ExpectedCourse } from './generate.ts'

const FILES = ['.github/pull_request_template.md', 'CONTRIBUTING.md', 'README.md', 'assignments/TEMPLATE.md', 'syllabus.md']
const VIEW = String(PermissionFlagsBits.ViewChannel)

type Guild = ActualState['discord']['guilds'][number]

/** Compares each expected resource of a course with the emulators, and with the records of Atelier. */
export function verifyCourse(expected: ExpectedCourse, { github, discord }: ActualState, recorded: Resource[]): Verification {
  const findings: Finding[] = []
  const expectedIds: string[] = []
  const guild = discord.guilds.find(({ id }) => id === expected.guildId)!

  /** Expects exactly one match, recorded with its id. @returns the match */
  function expectOne<T extends { id: string | number }>(
    what: string,
    type: Resource['type'],
    key: string,
    matches: T[],
  ): T | undefined {
    const [one, ...more] = matches
    if (!one) findings.push({ kind: 'lost', what })
    for (const { id } of more) findings.push({ kind: 'doubled', what: `${what}, again as ${id}` })
    expectedIds.push(...matches.map(({ id }) => String(id)))
    const resource = recorded.find(resource => resource.type === type && resource.key === key)
    if (one && resource?.externalId !== String(one.id)) {
      findings.push({ kind: 'wrong', what: `${what} is ${one.id}, and Atelier has ${resource?.externalId ?? 'no record of it'}` })
    }
    return one
  }

  for (const { key, name } of expected.repos) {
    const matches = github.repos.filter(repo => repo.name.toLowerCase() === name.toLowerCase())
    const repo = expectOne(`repository ${name}`, 'REPO', key, matches)
    if (repo) findings.push(...verifyRepo(repo))
  }
  const categories = guild.channels.filter(({ name }) => name === expected.category)
  const category = expectOne(`category ${expected.category}`, 'CATEGORY', 'main', categories)
  const roleIds = new Map(expected.roles.map(({ key, name }) =>
    [name, expectOne(`role ${name}`, 'ROLE', key, guild.roles.filter(role => role.name === name))?.id]))
  for (const { key, name, role } of expected.channels) {
    const matches = guild.channels.filter(one => one.parent_id === category?.id && one.name === name)
    const channel = expectOne(`channel ${name} of ${expected.category}`, 'CHANNEL', key, matches)
    if (channel) findings.push(...verifyOverwrites(channel, expected, role && (roleIds.get(role) ?? 'a missing role')))
  }
  return { findings, expectedIds }
}

/** Verifies visibility, protection, commits and files of a repository. */
function verifyRepo({ name, private: isPrivate, branches, default_branch: branch }: RepoState): Finding[] {
  const { commits = [], files = [], protection } = branches[branch] ?? {}
  const seeds = commits.filter(({ message }) => message.includes('Atelier-Seed')).length
  const isProtected = protection?.required_pull_request_reviews?.required_approving_review_count === 1
    && !protection.allow_force_pushes && !protection.allow_deletions
  return [
    ...isPrivate ? [] : [{ kind: 'wrong' as const, what: `repository ${name} is public` }],
    ...isProtected ? [] : [{ kind: 'lost' as const, what: `protection of ${name}` }],
    ...seeds === 1 ? [] : [{ kind: seeds ? 'doubled' as const : 'lost' as const, what: `seed commit of ${name}: ${seeds}` }],
    ...commits.length - seeds === 1 ? [] : [{ kind: 'wrong' as const, what: `${name} has ${commits.length} commits` }],
    ...FILES.filter(file => !files.includes(file)).map(file => ({ kind: 'lost' as const, what: `${file} in ${name}` })),
  ]
}

/** Verifies the visibility of a channel: everyone, or one role and the bot, which needs it to delete the channel. */
function verifyOverwrites(
  { name, permission_overwrites }: Guild['channels'][number],
  { guildId }: ExpectedCourse,
  onlyFor?: string,
): Finding[] {
  const line = (id: string, allow: string, deny: string) => `${id} +${allow} -${deny}`
  const actual = (permission_overwrites ?? []).map(({ id, allow, deny }) => line(id, allow, deny)).sort().join(', ')
  const expected = (onlyFor ? [line(guildId, '0', VIEW), line(onlyFor, VIEW, '0')] : []).sort().join(', ')
  if (actual === expected) return []
  return [{ kind: 'wrong', what: `overwrites of channel ${name} are ${actual} instead of ${expected}` }]
}
