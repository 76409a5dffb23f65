/** What every step knows of its course. Step inputs are stored in the clear: ids only. */
export interface CourseRef { runId: string, courseId: string }

/** What there is to do for a course, in rough. */
export interface CoursePlan {
  course: CourseRef
  /** Whether the course has its Discord server already, or a person has to name one. */
  hasServer: boolean
}

/** The name of the hook that resumes a run when its course has a Discord server. */
export const discordServerToken = (runId: string) => `discord-server:${runId}`
