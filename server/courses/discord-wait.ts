import type { Transaction } from '../db/client'
import { type AnswerOutcome, answerWait } from '../engine/waits'
import type { SubjectWait } from '../engine/subjects'
import { problem } from '../http/problem'
import { audited } from '../ledger'
import { findServer } from '../lib/discord'
import { findWaitingRun, setDiscordServer } from './queries'

/** The wait of a course for its Discord server, as workflows.config.ts names it. */
const DISCORD_SERVER = 'discord-server'

/**
 * Names the Discord server that a course waits for; its run continues there.
 * @throws problem 409 when it does not wait for one, 422 when the bot is not in that server
 */
export async function chooseServer(courseId: string, guildId: string, actor: string): Promise<void> {
  const runId = await findWaitingRun(courseId)
  const outcome: AnswerOutcome = runId
    ? await answerWait(runId, { kind: DISCORD_SERVER }, { guildId }, actor)
    : { state: 'not-waiting' }
  if (outcome.state !== 'answered') throw problem('NOT_WAITING')
}

/** Checks that the bot is in the server, and gives the server to the course with the answer. */
export async function acceptServer({ runId, subjectId }: SubjectWait, answer: unknown) {
  const { guildId } = answer as { guildId: string }
  const server = await audited({ subjectType: 'course', subjectId, runId }, () => findServer(guildId))
  if (!server) throw problem('BOT_NOT_IN_SERVER', { guildId })
  return async (tx: Transaction) => {
    if (!await setDiscordServer(subjectId, guildId, tx)) throw problem('HAS_SERVER')
  }
}
