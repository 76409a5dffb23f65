import type { Resource } from '../../../shared/schemas/resource.ts'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { RepoState } from '../../../emulators/github/state.ts'
import type { Comparison, Finding, Outside } from '../order.ts'
import type { WantedCourse } from './ask.ts'

const FILES = ['.github/pull_request_template.md', 'CONTRIBUTING.md', 'README.md', 'assignments/TEMPLATE.md', 'syllabus.md']
const VIEW = String(PermissionFlagsBits.ViewChannel)

type Guild = Outside['discord']['guilds'][number]

/** Compares a course with what the emulators hold, thing by thing, and with what Atelier remembers of it. */
export function compareCourse(wanted: WantedCourse, { github, discord }: Outside, remembered: Resource[]): Comparison {
  const findings: Finding[] = []
  const accounted: string[] = []
  const guild = discord.guilds.find(({ id }) => id === wanted.guildId)!

  /** The one thing of its kind; a finding if there is none, or another. */
  function theOne<T extends { id: string | number }>(what: string, type: Resource['type'], key: string, there: T[]): T | undefined {
    const [one, ...more] = there
    if (!one) findings.push({ kind: 'lost', what })
    for (const { id } of more) findings.push({ kind: 'doubled', what: `${what}, again as ${id}` })
    accounted.push(...there.map(({ id }) => String(id)))
    const resource = remembered.find(resource => resource.type === type && resource.key === key)
    if (one && resource?.externalId !== String(one.id)) findings.push({ kind: 'wrong', what: `${what} is ${one.id}, and Atelier knows ${resource?.externalId ?? 'nothing of it'}` })
    return one
  }

  for (const { key, name } of wanted.repos) {
    const repo = theOne(`repository ${name}`, 'REPO', key, github.repos.filter(repo => repo.name.toLowerCase() === name.toLowerCase()))
    if (repo) findings.push(...flawsOf(repo))
  }
  const category = theOne(`category ${wanted.category}`, 'CATEGORY', 'main', guild.channels.filter(({ name }) => name === wanted.category))
  const roleIds = new Map(wanted.roles.map(({ key, name }) =>
    [name, theOne(`role ${name}`, 'ROLE', key, guild.roles.filter(role => role.name === name))?.id]))
  for (const { key, name, role } of wanted.channels) {
    const channel = theOne(`channel ${name} of ${wanted.category}`, 'CHANNEL', key, guild.channels.filter(one => one.parent_id === category?.id && one.name === name))
    if (channel) findings.push(...overwriteFlaws(channel, wanted, role && (roleIds.get(role) ?? 'a role that is not there')))
  }
  return { findings, accounted }
}

/** What a repository lacks, or has too much. */
function flawsOf({ name, private: isPrivate, branches, default_branch: branch }: RepoState): Finding[] {
  const { commits = [], files = [], protection } = branches[branch] ?? {}
  const seeds = commits.filter(({ message }) => message.includes('Atelier-Seed')).length
  const isProtected = protection?.required_pull_request_reviews?.required_approving_review_count === 1 && !protection.allow_force_pushes && !protection.allow_deletions
  return [
    ...isPrivate ? [] : [{ kind: 'wrong' as const, what: `repository ${name} is public` }],
    ...isProtected ? [] : [{ kind: 'lost' as const, what: `protection of ${name}` }],
    ...seeds === 1 ? [] : [{ kind: seeds ? 'doubled' as const : 'lost' as const, what: `seed commit of ${name}: ${seeds}` }],
    ...commits.length - seeds === 1 ? [] : [{ kind: 'wrong' as const, what: `${name} has ${commits.length} commits` }],
    ...FILES.filter(file => !files.includes(file)).map(file => ({ kind: 'lost' as const, what: `${file} in ${name}` })),
  ]
}

/** Whether a channel is seen by whom it should: everybody, or one role alone, and the bot, which could not remove it else. */
function overwriteFlaws({ name, permission_overwrites }: Guild['channels'][number], { guildId }: WantedCourse, onlyFor?: string): Finding[] {
  const line = (id: string, allow: string, deny: string) => `${id} +${allow} -${deny}`
  const there = (permission_overwrites ?? []).map(({ id, allow, deny }) => line(id, allow, deny)).sort().join(', ')
  const wanted = (onlyFor ? [line(guildId, '0', VIEW), line(onlyFor, VIEW, '0')] : []).sort().join(', ')
  return there === wanted ? [] : [{ kind: 'wrong', what: `overwrites of channel ${name}: ${there}, and not ${wanted}` }]
}
