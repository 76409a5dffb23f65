import { sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { auditLog, externalResources } from '../../db/schema'
import type { Service } from '../../../shared/schemas/resource'

/** A time span in which a creating call of ours was out. */
export interface CallSpan { from: Date, to: Date }

/** A resource that was leased more than once, with the calls that may have created it. */
export interface TakenOverResource { subjectId: string, type: string, key: string, name: string, externalId: string, calls: CallSpan[] }

type Row = Omit<TakenOverResource, 'calls'> & { calls: { from: string, to: string }[] }

/**
 * The existing resources of a service that were leased more than once and last within some days: only those can have
 * been created twice. The audit says when their creating calls were out, also of the process that lost its lease.
 * @param actions the creating call of each type of resource, as the audit names it
 */
export async function listTakenOver(
  { subjectType, service, actions, days }: { subjectType: string, service: Service, actions: Record<string, string>, days: number },
): Promise<TakenOverResource[]> {
  const rows = await db().execute<Row & Record<string, unknown>>(sql`
    select r.subject_id as "subjectId", r.type, r.key, r.name, r.external_id as "externalId", coalesce((
      select jsonb_agg(jsonb_build_object('from', a.at, 'to', a.at + a.duration_ms * interval '1 millisecond'))
      from ${auditLog} a
      where a.subject_id = r.subject_id and a.service = r.service and a.item = r.key
        and a.action = ${JSON.stringify(actions)}::jsonb ->> r.type
        and (a.result = 'SUCCESS' or a.status_code is null or a.status_code >= 500)), '[]') as calls
    from ${externalResources} r
    where r.subject_type = ${subjectType} and r.service = ${service} and r.type in ${Object.keys(actions)}
      and r.made_at is not null and r.fence > 1 and r.leased_at > now() - make_interval(days => ${days})
    order by r.subject_id, r.created_at`)
  return rows.map(({ calls, ...row }) => ({ ...row, calls: calls.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) })) }))
}

/** Which of these outside ids are recorded for any resource of the service. */
export async function listRecorded(service: Service, ids: string[]): Promise<Set<string>> {
  if (!ids.length) return new Set()
  const rows = await db().execute<{ id: string }>(sql`
    select external_id as id from ${externalResources} where service = ${service} and external_id in ${ids}`)
  return new Set(rows.map(({ id }) => id))
}
