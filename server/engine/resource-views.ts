import { auditLog } from '../db/schema'
import type { Scope } from '../db/scope'
import { type AuditRecord, eachAudit, listAudit } from '../ledger/queries/audit'
import { listChainResources, listResources, type ResourceRow } from '../ledger/queries/resources'
import { findConfig } from '../lib/workflow-configs'
import type { AuditEntry } from '../../shared/schemas/audit'
import type { Page } from '../../shared/schemas/page'
import type { Resource } from '../../shared/schemas/resource'
import type { RunRow } from './queries/runs'
import { isAboutSubjectOf } from './queries/scope'
import { itemLabel } from './subjects'

const toResource = (row: ResourceRow, removable: boolean): Resource => ({
  id: row.id,
  service: row.service,
  type: row.type,
  key: row.key,
  label: itemLabel(row.subjectType, row.key),
  name: row.name,
  externalId: row.externalId ?? '',
  url: row.url || null,
  runId: row.runId,
  removable,
  createdAt: (row.madeAt ?? row.createdAt).toISOString(),
})

/** The types of resources that a rollback of a workflow removes. */
function removableTypes(workflow: string | undefined): Set<string> {
  const rollback = workflow && findConfig(workflow)?.rollback
  return new Set(rollback ? findConfig(rollback)?.steps.flatMap(step => step.removes ?? []) : [])
}

/** The resources of a subject that exist now. @param workflow the one whose rollback may remove them */
export async function listSubjectResourceViews(subjectId: string, workflow?: string): Promise<Resource[]> {
  const types = removableTypes(workflow)
  return (await listResources(subjectId)).map(row => toResource(row, types.has(row.type)))
}

/** The resources that a run and its chain created. */
export async function listRunResources({ workflow, rootRunId }: Pick<RunRow, 'workflow' | 'rootRunId'>): Promise<Resource[]> {
  const types = removableTypes(workflow)
  return (await listChainResources(rootRunId)).map(row => toResource(row, types.has(row.type)))
}

/** A page of the audit, of what is in the scope. */
export async function listAuditEntries(query: Parameters<typeof listAudit>[0], scope: Scope): Promise<Page<AuditEntry>> {
  const page = await listAudit(query, isAboutSubjectOf(scope, auditLog))
  return { ...page, items: page.items.map(withLabel) }
}

/** All entries of the audit that match, newest first, page by page. */
export async function* eachAuditEntry(filter: Parameters<typeof eachAudit>[0]): AsyncGenerator<AuditEntry[]> {
  for await (const entries of eachAudit(filter)) yield entries.map(withLabel)
}

const withLabel = (entry: AuditRecord): AuditEntry => ({ ...entry, itemLabel: labelOf(entry) })

const labelOf = ({ subjectType, item }: AuditRecord): string | null => item === null ? null : itemLabel(subjectType, item)
