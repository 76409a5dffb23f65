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

/** What a course and its groups are called outside; settled once, before anything is made. */
export interface CourseNames {
  slug: string
  discordCategoryName: string
  discordChannels: string[]
  githubRepoName: string | null
  labGroups: { name: string, number: number, githubRepoName: string, discordChannelName: string, discordRoleName: string }[]
}

/** The slug a course would like; another course may have it already. */
export const wantedSlug = ({ name, semester }: Pick<Wanted, 'name' | 'semester'>): string => slugOr('course', `${name} ${semester}`, SLUG_LENGTH)

/**
 * Names everything a course will make. Names that a person chose are kept and come first;
 * the others step aside, so that all are valid and no two are the same.
 * @param slug the course's alone; when it carries a number (`-2`), so does the category
 */
export function nameCourse(course: Wanted, slug: string): CourseNames {
  const groups = course.labGroups ?? []
  const lecture = hasLecture(course.type)
  const chosen = [course.githubRepoName, ...groups.map(group => group.githubRepoName)].filter(name => name !== undefined)
  const repos = new Set(chosen.map(name => name.toLowerCase()))
  const channels = new Set<string>()
  const roles = new Set<string>()
  const repo = (wanted: string, name?: string) => name ?? distinct(wanted, repos, REPO_LENGTH)
  return {
    slug,
    discordCategoryName: categoryName(course, ` · ${discordText(course.semester, 40)}${ordinal(course, slug)}`),
    discordChannels: lecture ? (course.discordChannels ?? LECTURE_CHANNELS).map(name => distinct(channelName('channel', name), channels, DISCORD_LENGTH)) : [],
    githubRepoName: lecture ? repo(slug, course.githubRepoName) : null,
    labGroups: groups.map(group => ({
      name: group.name,
      number: group.number,
      githubRepoName: repo(`${slug}-group-${group.number}`, group.githubRepoName),
      discordChannelName: distinct(channelName('group', group.discordChannelName ?? `group-${group.number}-${group.name}`), channels, DISCORD_LENGTH),
      discordRoleName: distinct(discordText(group.discordRoleName ?? `${slug} · ${group.number} ${group.name}`, DISCORD_LENGTH - 5) || `${slug} · ${group.number}`, roles, DISCORD_LENGTH),
    })),
  }
}

const categoryName = ({ name }: Wanted, suffix: string) => discordText(name, DISCORD_LENGTH - suffix.length) + suffix

/** ` (2)` for the second course of a name, so that their categories can be told apart. */
function ordinal(course: Wanted, slug: string): string {
  const wanted = wantedSlug(course)
  return slug === wanted ? '' : ` (${slug.slice(wanted.length + 1)})`
}
