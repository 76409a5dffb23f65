import { expect, it } from 'vitest'
import { chainRole, rollbackIn, runVersion } from '../../../../app/utils/run-chain.ts'
import type { Run, RunSummary } from '../../../../shared/schemas/run.ts'

const chain = [
  { id: 'first', retryOf: null, rollbackOf: null },
  { id: 'rollback', retryOf: null, rollbackOf: 'first' },
  { id: 'rollback-retry', retryOf: 'rollback', rollbackOf: 'first' },
  { id: 'retry', retryOf: 'first', rollbackOf: null },
] as RunSummary[]

it('names what each run is to its chain', () => {
  expect(chain.map(chainRole)).toEqual(['First run', 'Rollback', 'Rollback', 'Retry'])
})

it('finds the latest rollback of a run', () => {
  expect(['first', 'retry'].map(id => rollbackIn(chain, id)?.id)).toEqual(['rollback-retry', undefined])
})

it('has another version after every change of the status or the progress', () => {
  const run = { id: 'first', status: 'running', steps: [{ done: 0, attempts: 1 }, { done: 0, attempts: 0 }] } as Run
  const failed = { ...run, status: 'failed' as const }
  const versions = [run, failed, { ...run, steps: [{ ...run.steps[0]!, done: 1 }, run.steps[1]!] }].map(runVersion)
  expect(new Set(versions).size).toBe(3)
  expect(runVersion({ ...run })).toBe(versions[0])
})
