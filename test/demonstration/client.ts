import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Run, RunDetails, RunSummary } from '../../shared/schemas/run.ts'
import type { Atelier } from '../support/atelier.ts'
import { until } from '../support/until.ts'
import type { Input } from './types.ts'

/** What clients ask of a server with the demonstration. */
export function createClient({ api }: Pick<Atelier, 'api'>) {
  const run = async (id: string) => (await api.call<RunDetails>('GET', `/api/runs/${id}`)).body
  return {
    run,
    /** Starts a run; a subject of its own unless one is named. */
    start: async (input: Input, subjectId: string = randomUUID()) =>
      (await api.call<RunSummary>('POST', '/api/demonstrations', { body: { subjectId, ...input } })).body,
    reached: (id: string, ...wanted: Run['status'][]) => until(async () => {
      const seen = await run(id)
      return wanted.includes(seen.status) ? seen : undefined
    }, { patience: 150_000, what: () => `the run ${id} to be ${wanted.join(' or ')}` }),
    /** Answers the approval that a run waits for. */
    approve: async (id: string, answer: object = { purpose: 'to show' }) => {
      const [wait] = (await run(id)).waits
      return wait ? api.call('POST', `/api/runs/${id}/waits/${wait.id}`, { body: { answer } }) : undefined
    },
    cancel: async (id: string, rollback = false) =>
      (await api.call<Run & { rolledBackBy: RunSummary | null }>('POST', `/api/runs/${id}/cancel`, { body: { rollback } })).body,
    retry: async (id: string) => (await api.call<Run>('POST', `/api/runs/${id}/retry`)).body,
  }
}

/** Lines that the long step of a run wrote: who began, and who finished. */
export const workOf = async (log: string, runId: string): Promise<string[]> =>
  (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(line => line.includes(runId)).map(line => line.split(' ')[0]!)
