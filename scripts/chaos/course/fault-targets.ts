import { GITHUB_ORG } from '../../../emulators/defaults.ts'
import type { Target } from '../faults.ts'
import type { WantedCourse } from './ask.ts'

/** The calls of a course that can be told apart from those of all others, so that what they cost is known. */
export function targetsOf({ category, channels, roles, repos }: WantedCourse, n: number): Target[] {
  const own = (name: string) => name.includes(String(n))
  return [
    ...repos.flatMap(({ key, name }) => repoTargets(key, name)),
    { at: 'discord', operation: 'create_guild_channel', subject: category, item: 'CREATE_DISCORD_SERVER main' },
    ...roles.map(({ key, name }): Target => ({ at: 'discord', operation: 'create_guild_role', subject: name, item: `CREATE_GROUP_ROLES ${key}` })),
    // A channel called "general" could be any course's.
    ...channels.filter(({ name }) => own(name)).map(({ key, name, role }): Target =>
      ({ at: 'discord', operation: 'create_guild_channel', subject: name, item: `${role ? 'CREATE_GROUP_CHANNELS' : 'CREATE_DISCORD_CHANNELS'} ${key}` })),
  ]
}

function repoTargets(key: string, name: string): Target[] {
  const [make, protect, seed] = key === 'main'
    ? ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT']
    : ['CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT']
  const repo = `${GITHUB_ORG}/${name}`
  const of = (operation: string, subject: string, step: string): Target => ({ at: 'github', operation, subject, item: `${step} ${key}` })
  return [
    of('repos/create-in-org', name, make!),
    of('repos/get', repo, make!),
    of('repos/update-branch-protection', `${repo}#main`, protect!),
    of('git/create-tree', repo, seed!),
    of('git/get-ref', `${repo}#heads/main`, seed!),
    of('git/create-commit', repo, seed!),
    of('git/update-ref', `${repo}#heads/main`, seed!),
    of('repos/list-commits', repo, seed!),
  ]
}
