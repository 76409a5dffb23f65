import { eq, inArray, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import { db } from '../../db/client'
import { challengeRepos, challenges, courses, tasks, taskWorkspaces } from '../../db/schema'
import type { RunSubject } from '../../../shared/schemas/run'

const nothing = sql<string | null>`null::uuid`

/** What runs are about, by the ids of their subjects; what is not there any more is left out. */
export async function findRunSubjects(ids: string[]): Promise<Map<string, RunSubject>> {
  if (!ids.length) return new Map()
  const rows = await unionAll(
    db().select({ id: courses.id, title: courses.name, challenge_id: nothing }).from(courses).where(inArray(courses.id, ids)),
    db().select({ id: challengeRepos.id, title: challenges.title, challenge_id: sql<string | null>`${challenges.id}` }).from(challengeRepos)
      .innerJoin(challenges, eq(challenges.id, challengeRepos.challengeId)).where(inArray(challengeRepos.id, ids)),
    db().select({ id: taskWorkspaces.id, title: tasks.title, challenge_id: sql<string | null>`${tasks.challengeId}` }).from(taskWorkspaces)
      .innerJoin(tasks, eq(tasks.id, taskWorkspaces.taskId)).where(inArray(taskWorkspaces.id, ids)),
  )
  return new Map(rows.map(({ id, ...subject }) => [id, subject]))
}
