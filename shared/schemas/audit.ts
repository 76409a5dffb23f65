import { z } from 'zod'
import { ExportFormat, timeFilter } from './action'
import { PageQuery } from './page'
import { Service } from './resource'

/** One call to an outside service: what was asked, what came back, how long it took. Never a secret. */
export const AuditEntry = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  service: Service,
  action: z.string().meta({ example: 'GITHUB_CREATE_REPO' }),
  target: z.string().meta({ description: 'Method and path of the call.' }),
  result: z.enum(['SUCCESS', 'FAILURE']),
  statusCode: z.int().nullable().meta({ description: 'Null when no answer came.' }),
  durationMs: z.int(),
  errorMessage: z.string().nullable(),
  runId: z.uuid().nullable(),
  subjectType: z.string().nullable(),
  subjectId: z.uuid().nullable().meta({ description: 'The subject of the call.' }),
  step: z.string().nullable(),
  item: z.string().nullable(),
  itemLabel: z.string().nullable().meta({ description: 'What people call that part of the subject: `Group 3`.' }),
  attempt: z.int().nullable(),
  requestId: z.string().nullable().meta({ description: 'The `x-request-id` of the request that it comes of.' }),
}).meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

const filter = {
  service: Service.optional(),
  action: z.string().max(128).optional(),
  runId: z.uuid().optional(),
  subjectId: z.uuid().optional(),
  requestId: z.string().max(128).optional(),
  result: z.enum(['SUCCESS', 'FAILURE']).optional(),
  ...timeFilter,
}

export const AuditQuery = PageQuery.extend(filter)
export const AuditExportQuery = z.strictObject({ ...filter, format: ExportFormat })
export type AuditFilter = Omit<z.infer<typeof AuditExportQuery>, 'format'>
