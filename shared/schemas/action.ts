import { z } from 'zod'
import { PageQuery } from './page'
import { Role } from './session'
import { actionSubjects } from '../utils/audit'

/** What a change is about. */
export const ActionSubject = z.enum(actionSubjects)
export type ActionSubject = z.infer<typeof ActionSubject>

/** One change that somebody asked for here: who, from where, and what came of it. Never a secret and no body. */
export const Action = z.object({
  id: z.int(),
  at: z.iso.datetime().meta({ description: 'When it was answered.' }),
  requestId: z.string().nullable().meta({ description: 'The `x-request-id` of the request; null when the entry counts several.' }),
  actor: z.string().meta({ description: '`owner`, the id of a key, `anonymous`, or `wrong-key`.' }),
  actorName: z.string().meta({ description: 'The name of the key at that time.' }),
  role: Role.nullable(),
  sessionId: z.uuid().nullable().meta({ description: 'The session that it came by, or that it began or ended; null for a key.' }),
  address: z.string().meta({ description: 'Where it came from, behind the trusted proxies.', example: '203.0.113.7' }),
  action: z.string().meta({ description: 'The operation of this description.', example: 'retryRun' }),
  subjectType: z.string().nullable(),
  subjectId: z.uuid().nullable(),
  status: z.int().meta({ description: 'Of the answer.' }),
  code: z.string().nullable().meta({ description: 'Of the problem that answered it.' }),
  runIds: z.array(z.uuid()).meta({ description: 'The runs that it led to.' }),
  count: z.int().meta({ description: 'How many requests it stands for: of a flood of refused ones, most are only counted.' }),
}).meta({ id: 'Action' })
export type Action = z.infer<typeof Action>

const word = z.string().max(128)
const time = z.iso.datetime({ offset: true, error: 'It must be a time like 2026-11-21T10:00:00Z.' })

/** Filters by time: from `from`, until before `to`. */
export const timeFilter = { from: time.optional(), to: time.optional() }
/** The form of an export. */
export const ExportFormat = z.enum(['csv', 'jsonl']).default('csv')
  .meta({ description: '`csv` for a spreadsheet, `jsonl` for programs: one JSON object a line.' })

const filter = {
  actor: word.optional().meta({ description: '`owner`, the id of a key, `anonymous`, or `wrong-key`.' }),
  action: word.optional(),
  subjectType: ActionSubject.optional(),
  subjectId: z.uuid().optional(),
  runId: z.uuid().optional(),
  requestId: word.optional(),
  result: z.enum(['DONE', 'REFUSED']).optional(),
  ...timeFilter,
}

export const ActionQuery = PageQuery.extend(filter)
export const ActionExportQuery = z.strictObject({ ...filter, format: ExportFormat })
export type ActionFilter = Omit<z.infer<typeof ActionExportQuery>, 'format'>
