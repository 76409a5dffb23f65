import type { Run, Wait } from '#shared/schemas/run'

/** What an operator can do with a run; each action calls `refresh` when it succeeded. */
export function useRunActions(refresh: () => Promise<void>) {
  const call = useApi()
  const idempotencyKeyFor = useIdempotencyKey()
  return {
    /** Starts a new run that does what is missing in a failed or cancelled one. */
    retry: async (id: string): Promise<Run> => {
      const run = await call('post /api/runs/{id}/retry', { params: { id } })
      await refresh()
      return run
    },
    /** Cancels a run; with `rollback` another run removes what it created. */
    cancel: async (id: string, rollback: boolean): Promise<void> => {
      const idempotencyKey = idempotencyKeyFor({ id, rollback })
      await call('post /api/runs/{id}/cancel', { params: { id }, body: { rollback }, idempotencyKey })
      await refresh()
    },
    /** Answers a wait of a run; an empty answer makes the run check now. */
    answer: async ({ runId, id }: Wait, answer: Record<string, unknown>): Promise<void> => {
      await call('post /api/runs/{id}/waits/{waitId}', { params: { id: runId, waitId: id }, body: { answer } })
      await refresh()
    },
  }
}

export type RunActions = ReturnType<typeof useRunActions>
