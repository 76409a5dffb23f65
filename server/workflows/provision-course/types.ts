/** What every step knows of its course. Step inputs are stored in the clear, so it holds ids and names only. */
export interface CourseRef {
  runId: string
  courseId: string
  name: string
  semester: string
  createdAt: string
}

/** What there is to make for a course, in rough. */
export interface CoursePlan {
  course: CourseRef
  hasLecture: boolean
  hasGroups: boolean
  /** Whether the course has its Discord server already, or a person has to name one. */
  hasServer: boolean
}

/** The Discord server and the categories in which the course has its channels. */
export interface DiscordPlace { guildId: string, categoryIds: string[] }

/** A repository that exists. */
export interface MadeRepo { name: string, branch: string, url: string }

/** The name of the hook that resumes a run when its course has a Discord server. */
export const discordServerToken = (runId: string) => `discord-server:${runId}`
