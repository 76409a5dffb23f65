import type { Workspace } from '#shared/schemas/workspace'

/** The state of a workspace as its provider reports it, each time that `check` is called. */
export function useObservedState(id: string) {
  const call = useApi()
  const report = shallowRef<Pick<Workspace, 'observed' | 'observedError'>>()
  const { isBusy, problem, execute } = useAction()
  return {
    report,
    isBusy,
    problem,
    check: () => execute(async () => {
      report.value = await call('get /api/workspaces/{id}', { params: { id } })
    }),
  }
}
