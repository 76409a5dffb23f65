import type { Workspace } from '#shared/schemas/workspace'

/** What the provider of a workspace says of it, when it is asked. */
export function useRealState(id: string) {
  const call = useApi()
  const real = shallowRef<Pick<Workspace, 'real' | 'realError'>>()
  const { isBusy, problem, act } = useAct()
  return {
    real,
    isBusy,
    problem,
    ask: () => act(async () => {
      real.value = await call('get /api/workspaces/{id}', { params: { id } })
    }),
  }
}
