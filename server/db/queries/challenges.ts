import { eq, sql } from 'drizzle-orm'
import { db } from '../client'
import { challenges } from '../schema'
import type { NewChallenge } from '../../../shared/schemas/challenge'
import { workspaceSlug } from '../../../shared/utils/workspace-names'

/** A challenge with how much of it is done. */
export type ChallengeRecord = typeof challenges.$inferSelect & { completion: number }

/** Tasks done of all, from 0 to 1. */
const completion = sql<number>`coalesce((select avg((task.status = 'done')::int)::float8 from tasks task where task.challenge_id = challenges.id), 0)`

/** Writes a challenge, with the number it is given or the next one; undefined when that number is taken. */
export const insertChallenge = (input: NewChallenge): Promise<ChallengeRecord | undefined> => db().transaction(async (tx) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('numbers of challenges', 0))`)
  const [{ next } = { next: 1 }] = await tx.select({ next: sql<number>`coalesce(max(${challenges.index}), 0) + 1` }).from(challenges)
  const index = input.index ?? next
  const [row] = await tx.insert(challenges).values({
    projectId: input.project_id,
    index,
    slug: workspaceSlug('challenge', index, input.title),
    title: input.title,
    status: input.status,
    description: input.description,
    roadmap: input.roadmap,
    startDate: input.start_date,
    endDate: input.end_date,
    contributionPointsReward: input.contribution_points_reward,
  }).onConflictDoNothing().returning()
  return row && { ...row, completion: 0 }
})

/** The challenge with that id. */
export async function findChallenge(id: string): Promise<ChallengeRecord | undefined> {
  const [row] = await db().select({ challenge: challenges, completion }).from(challenges).where(eq(challenges.id, id))
  return row && { ...row.challenge, completion: row.completion }
}
