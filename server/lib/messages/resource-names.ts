/** Types that people call by another word than the service. */
const names: Record<string, string> = { REPO: 'repository', GUILD: 'Discord server', SPACE: 'Space' }

/** The word that people use for a type of resource: `REPO` is a repository, `BRANCH_PROTECTION` a branch protection. */
export const resourceName = (type: string): string => names[type] ?? type.toLowerCase().replaceAll('_', ' ')
