import { channelName, discordText, distinct, slugOr } from './names'
import { hasLecture } from './course-steps'

/** GitHub's limit for a repository name. */
const REPO_LENGTH = 100
/** Discord's limit for the name of a category, a channel or a role. */
const DISCORD_LENGTH = 100
/** Short enough that two names which are alike where a category's name is cut share their slug, and so get a number. */
const SLUG_LENGTH = 50

const LECTURE_CHANNELS = ['announcements', 'general', 'lectures', 'qa-help']

interface Wanted {
  name: string
  semester: string
  type: 'LECTURE' | 'LABORATORY' | 'COMBINED'
  githubRepoName?: string
  discordChannels?: string[]
  labGroups?: { name: string, number: number, githubRepoName?: string, discordChannelName?: string, discordRoleName?: string }[]
}

/** What a course and its groups are called outside; decided once, before anything is created. */
export interface CourseNames {
  slug: string
  discordCategoryName: string
  discordChannels: string[]
  githubRepoName: string | null
  labGroups: { name: string, number: number, githubRepoName: string, discordChannelName: string, discordRoleName: string }[]
}

/** The slug that a course prefers; another course may have it already. */
export const wantedSlug = ({ name, semester }: Pick<Wanted, 'name' | 'semester'>): string =>
  slugOr('course', `${name} ${semester}`, SLUG_LENGTH)

/**
 * Names every resource of a course. Names that a person chose are kept and come first; the
 * others get a number where needed, so that all are valid and no two are the same.
 * @param slug unique to the course; when it has a number (`-2`), so has the category
 */
export function nameCourse(course: Wanted, slug: string): CourseNames {
  const groups = course.labGroups ?? []
  const lecture = hasLecture(course.type)
  const chosen = [course.githubRepoName, ...groups.map(group => group.githubRepoName)].filter(name => name !== undefined)
  const repos = new Set(chosen.map(name => name.toLowerCase()))
  const channels = new Set<string>()
  const roles = new Set<string>()
  const repo = (wanted: string, name?: string) => name ?? distinct(wanted, repos, REPO_LENGTH)
  const channel = (prefix: string, wanted: string) => distinct(channelName(prefix, wanted), channels, DISCORD_LENGTH)
  const lectureChannels = lecture ? course.discordChannels ?? LECTURE_CHANNELS : []
  return {
    slug,
    discordCategoryName: categoryName(course, ` · ${discordText(course.semester, 40)}${ordinal(course, slug)}`),
    discordChannels: lectureChannels.map(name => channel('channel', name)),
    githubRepoName: lecture ? repo(slug, course.githubRepoName) : null,
    labGroups: groups.map(group => ({
      name: group.name,
      number: group.number,
      githubRepoName: repo(`${slug}-group-${group.number}`, group.githubRepoName),
      discordChannelName: channel('group', group.discordChannelName ?? `group-${group.number}-${group.name}`),
      discordRoleName: distinct(roleName(group, slug), roles, DISCORD_LENGTH),
    })),
  }
}

/** Leaves room for a number. Where nothing of the name can be shown, the group's number stands alone. */
const roleName = ({ discordRoleName, number, name }: NonNullable<Wanted['labGroups']>[number], slug: string): string =>
  discordText(discordRoleName ?? `${slug} · ${number} ${name}`, DISCORD_LENGTH - 5) || `${slug} · ${number}`

const categoryName = ({ name }: Wanted, suffix: string) => discordText(name, DISCORD_LENGTH - suffix.length) + suffix

/** ` (2)` for the second course of a name, so that their categories differ. */
function ordinal(course: Wanted, slug: string): string {
  const wanted = wantedSlug(course)
  return slug === wanted ? '' : ` (${slug.slice(wanted.length + 1)})`
}
