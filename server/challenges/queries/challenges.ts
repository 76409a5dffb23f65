import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { db } from '../../db/client'
import { paged, removeRow, type Removal } from '../../db/lists'
import { challengeRepos, challenges } from '../../db/schema'
import { boundProjects, EVERYTHING, type Scope, within } from '../../db/scope'
import type { ChallengeListQuery, ChangedChallenge, NewChallenge } from '../../../shared/schemas/challenge'
import type { Page } from '../../../shared/schemas/page'
import { workspaceSlug } from '../../../shared/utils/workspace-slugs'

/** A challenge with the share of its tasks that are done. */
export type ChallengeRecord = typeof challenges.$inferSelect & { completion: number }

/** Tasks done of all, from 0 to 1. */
const completion = sql<number>`coalesce((
  select avg((task.status = 'done')::int)::float8 from tasks task where task.challenge_id = challenges.id), 0)`

/** Writes a challenge, with the wanted number or the next one; undefined when that number is taken. */
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

const columns = { challenge: challenges, completion }
const toRecord = ({ challenge, completion }: { challenge: typeof challenges.$inferSelect, completion: number }): ChallengeRecord =>
  ({ ...challenge, completion })

const isWithin = (scope: Scope) => within(scope, challenges.projectId, boundProjects)

/** The challenge with that id, if it is in the scope. */
export async function findChallenge(id: string, scope: Scope): Promise<ChallengeRecord | undefined> {
  return (await db().select(columns).from(challenges).where(and(eq(challenges.id, id), isWithin(scope)))).map(toRecord)[0]
}

type Filter = z.output<typeof ChallengeListQuery>

/** A page of the challenges in the scope, the highest number first. */
export function listChallenges({ project_id, status, ...query }: Filter, scope: Scope): Promise<Page<ChallengeRecord>> {
  const where = and(
    isWithin(scope), project_id ? eq(challenges.projectId, project_id) : undefined, status ? eq(challenges.status, status) : undefined,
  )
  return paged(query, db().$count(challenges, where), async (limit, offset) =>
    (await db().select(columns).from(challenges).where(where).orderBy(desc(challenges.index)).limit(limit).offset(offset)).map(toRecord))
}

/** The challenges that are linked to a repository, the highest number first. */
export async function listChallengesOf(repoId: string): Promise<ChallengeRecord[]> {
  const linked = db().select({ id: challengeRepos.challengeId }).from(challengeRepos).where(eq(challengeRepos.repoId, repoId))
  return (await db().select(columns).from(challenges).where(inArray(challenges.id, linked)).orderBy(desc(challenges.index))).map(toRecord)
}

/** Changes the given fields; undefined when there is no such challenge. The caller has looked whether it is in its scope. */
export async function updateChallenge(id: string, changes: ChangedChallenge): Promise<ChallengeRecord | undefined> {
  await db().update(challenges).set({
    title: changes.title,
    status: changes.status,
    description: changes.description,
    roadmap: changes.roadmap,
    startDate: changes.start_date,
    endDate: changes.end_date,
    contributionPointsReward: changes.contribution_points_reward,
  }).where(eq(challenges.id, id))
  return findChallenge(id, EVERYTHING)
}

/** Removes a challenge of the scope that has neither tasks nor links. */
export const deleteChallenge = (id: string, scope: Scope): Promise<Removal> => removeRow(challenges, id, isWithin(scope))
