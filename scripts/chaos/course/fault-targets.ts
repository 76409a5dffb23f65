import { GITHUB_ORG } from '../../../emulators/defaults.ts'
import type { FaultTarget } from '../faults/provider.ts'
import type { ExpectedCourse } from './generate.ts'

/** The calls that belong to this course alone, so that the attempts that a fault costs are known. */
export function courseTargets({ category, channels, roles, repos }: ExpectedCourse, n: number): FaultTarget[] {
  const isUnique = (name: string) => name.includes(String(n))
  const channelTarget = ({ key, name, role }: ExpectedCourse['channels'][number]): FaultTarget => ({
    at: 'discord',
    operation: 'create_guild_channel',
    subject: name,
    item: `${role ? 'CREATE_GROUP_CHANNELS' : 'CREATE_DISCORD_CHANNELS'} ${key}`,
  })
  return [
    ...repos.flatMap(({ key, name }) => repoTargets(key, name)),
    { at: 'discord', operation: 'create_guild_channel', subject: category, item: 'CREATE_DISCORD_SERVER main' },
    ...roles.map(({ key, name }): FaultTarget =>
      ({ at: 'discord', operation: 'create_guild_role', subject: name, item: `CREATE_GROUP_ROLES ${key}` })),
    // A channel with a default name such as "general" may belong to any course.
    ...channels.filter(({ name }) => isUnique(name)).map(channelTarget),
  ]
}

function repoTargets(key: string, name: string): FaultTarget[] {
  const [create, protect, seed] = key === 'main'
    ? ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT']
    : ['CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT']
  const repo = `${GITHUB_ORG}/${name}`
  const target = (operation: string, subject: string, step: string): FaultTarget =>
    ({ at: 'github', operation, subject, item: `${step} ${key}` })
  return [
    target('repos/create-in-org', name, create!),
    target('repos/get', repo, create!),
    target('repos/update-branch-protection', `${repo}#main`, protect!),
    target('git/create-tree', repo, seed!),
    target('git/get-ref', `${repo}#heads/main`, seed!),
    target('git/create-commit', repo, seed!),
    target('git/update-ref', `${repo}#heads/main`, seed!),
    target('repos/list-commits', repo, seed!),
  ]
}
