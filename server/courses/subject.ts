import { boundCourses } from '../db/scope'
import type { Subject } from '../engine/subjects'
import { acceptServer } from './discord-wait'
import { findCourseNames } from './queries'

/** Courses, as the engine shows them. */
export const courseSubject: Subject = {
  type: 'course',
  name: 'course',
  load: async ids => new Map([...await findCourseNames(ids)].map(([id, title]) => [id, { title, href: `/courses/${id}` }])),
  itemLabel,
  within: boundCourses,
  acceptAnswer: acceptServer,
}

/** `main` is the course, `main-2` a further category of it, `group-3` a group; other items are channels. */
function itemLabel(key: string): string {
  const [, group] = /^group-(\d+)$/.exec(key) ?? []
  if (group) return `Group ${group}`
  const [, number] = /^main-(\d+)$/.exec(key) ?? []
  if (number) return `The course, ${number}`
  return key === 'main' ? 'The course' : `#${key}`
}
