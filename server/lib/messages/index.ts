import type { Failure } from '../../../shared/schemas/problem.ts'
// Imports end in `.ts` here: Node alone runs these files to write docs/errors.md.
import { access } from './access.ts'
import { challenges } from './challenges.ts'
import { courses } from './courses.ts'
import { discord } from './discord.ts'
import { figma } from './figma.ts'
import { github } from './github.ts'
import { health } from './health.ts'
import { huggingface } from './huggingface.ts'
import { kv } from './kv.ts'
import type { Message, Text } from './message.ts'
import { projects } from './projects.ts'
import { requests } from './requests.ts'
import { runs } from './runs.ts'
import { sandbox } from './sandbox.ts'
import { services } from './services.ts'
import { workspaces } from './workspaces.ts'

/** The messages by area, in the order in which the documents list them. */
export const areas = {
  access, requests, projects, challenges, courses, workspaces, runs, services, github, discord, huggingface, figma, kv, sandbox, health,
}

/** All messages of Atelier about failures and refusals, by id. */
export const messages = {
  ...access, ...requests, ...projects, ...challenges, ...courses, ...workspaces, ...runs,
  ...services, ...github, ...discord, ...huggingface, ...figma, ...kv, ...sandbox, ...health,
}

type Catalog = typeof messages
export type MessageId = keyof Catalog
type IdsOf<Part> = { [Id in MessageId]: Catalog[Id] extends Part ? Id : never }[MessageId]

/** Messages that answer a request. */
export type ProblemId = IdsOf<{ status: number }>
/** Messages about an outside service. */
export type ProviderMessageId = IdsOf<{ retryable: boolean }>
/** Answers to requests that may be sent again after some seconds. */
export type TooManyRequestsId = IdsOf<{ status: 429 }>

/** The code of a message, its id unless it shares another one's. */
export type CodeOf<Id extends MessageId>
  = Id extends MessageId ? Catalog[Id] extends { code: infer Code extends string } ? Code : Id : never

type Writer<Id extends MessageId> = Extract<Catalog[Id]['message' | 'why' | 'fix'], (details: never) => string>
/** What the texts of a message need to be written: what all its functions take, together. */
export type Details<Id extends MessageId> = [Writer<Id>] extends [(details: infer All) => string] ? All : never
/** The arguments that a message needs after its id. */
export type Args<Id extends MessageId> = unknown extends Details<Id> ? [details?: Record<string, never>] : [details: Details<Id>]

/** The texts of one case, as they are stored and shown: `failure('SUBJECT_GONE', { subject: 'course' })`. */
export const failure = <Id extends MessageId>(id: Id, ...[details]: Args<Id>): Failure & { code: CodeOf<Id> } => write(id, details)

/** The same for callers whose own types have checked the details. */
export function write<Id extends MessageId>(id: Id, details: unknown): Failure & { code: CodeOf<Id> } {
  const { code = id, message, why, fix }: Message = messages[id]
  const fill = (text: Text) => typeof text === 'string' ? text : text(details as never)
  return { code: code as CodeOf<Id>, message: fill(message), why: fill(why), fix: fill(fix) }
}
