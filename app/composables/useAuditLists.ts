import type { ActionFilter } from '#shared/schemas/action'
import type { AuditFilter } from '#shared/schemas/audit'

export const AUDIT_PAGE_SIZE = 25

/** A page of the actions here that match the filter. */
export function useActions(filter: Ref<ActionFilter>, page: Ref<number>) {
  const call = useApi()
  return useLoad(() => call('get /api/audit/actions', {
    query: { ...filter.value, page: page.value, pageSize: AUDIT_PAGE_SIZE },
  }), [filter, page])
}

/** A page of the calls to outside services that match the filter. */
export function useOutsideCalls(filter: Ref<AuditFilter>, page: Ref<number>) {
  const call = useApi()
  return useLoad(() => call('get /api/audit', {
    query: { ...filter.value, page: page.value, pageSize: AUDIT_PAGE_SIZE },
  }), [filter, page])
}
