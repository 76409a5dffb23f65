import { requireBy } from '../http/require'
import { findCourse } from './queries'

export { chooseServer } from './discord-wait'
export { sweepDuplicates } from './duplicates'
export { channelSpecs, openChannel } from './provisioning/channels'
export { enterServer } from './provisioning/discord-server'
export { openRepo, repoSpecs } from './provisioning/repos'
export { removeNewestFirst } from './provisioning/rollback'
export * from './queries'
export { courseSubject } from './subject'
export { toCourse, toCourseSummary, toStatusReport } from './view'

export const requireCourse = requireBy('course', findCourse)
