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
 * Names the Discord server that a course waits for; its run goes on there.
 * @throws problem 409 when it does not wait for one, 422 when the bot is not in that server
 */
export async function chooseServer(courseId: string, guildId: string, actor: string): Promise<void> {
  const runId = await findWaitingRun(courseId)
  const outcome: AnswerOutcome = runId ? await answerWait(runId, { kind: DISCORD_SERVER }, { guildId }, actor) : { state: 'not-waiting' }
  if (outcome.state !== 'answered') throw notWaiting()
}

/** Checks that the bot is in the server, and gives the server to the course with the answer. */
export async function acceptServer({ runId, subjectId }: SubjectWait, answer: unknown) {
  const { guildId } = answer as { guildId: string }
  if (!await audited({ subjectType: 'course', subjectId, runId }, () => findServer(guildId))) throw botNotInServer(guildId)
  return async (tx: Transaction) => {
    if (!await setDiscordServer(subjectId, guildId, tx)) throw hasServer()
  }
}

const notWaiting = () => problem({
  status: 409,
  code: 'NOT_WAITING',
  detail: 'This course does not wait for a Discord server.',
  why: 'It has one already, or its run has ended.',
  fix: 'Look at its status, and retry a failed course.',
})

const botNotInServer = (guildId: string) => problem({
  status: 422,
  code: 'BOT_NOT_IN_SERVER',
  detail: `The bot is not in the Discord server ${guildId}.`,
  why: 'Only a person who manages that server can add it.',
  fix: 'Open the course\'s install link, add the bot to the server, and send this again.',
})

const hasServer = () => problem({
  status: 409,
  code: 'HAS_SERVER',
  detail: 'This course was given another Discord server a moment ago.',
  why: 'A course has one server, and the first one named is it.',
  fix: 'Wait: the course continues in that server.',
})
