import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepStatus } from '../../../shared/schemas/run.ts'
import { type ItemState, sumStep } from '../../../shared/utils/steps.ts'

const config = { name: 'CREATE_GROUP_REPOS', title: 'Group repositories' }
const failure = (code: string) => ({ code, message: 'm', why: 'w', fix: 'f' })
const item = (status: StepStatus, more: Partial<ItemState> = {}): ItemState => ({
  step: config.name, key: 'group-1', status, attempts: 1, error: null, nextAttemptAt: null, startedAt: null, finishedAt: null, ...more })
const sum = (statuses: StepStatus[], isOver = false) => sumStep(config, 1, statuses.map(status => item(status)), isOver)

describe('the sum of a step', () => {
  it.each<[StepStatus[], StepStatus, StepStatus]>([
    [['pending', 'pending'], 'pending', 'pending'],
    [['pending', 'completed'], 'running', 'pending'],
    [['running', 'completed'], 'running', 'pending'],
    [['running', 'failed'], 'running', 'failed'],
    [['pending', 'failed'], 'failed', 'failed'],
    [['completed', 'failed'], 'failed', 'failed'],
    [['completed', 'skipped'], 'completed', 'completed'],
    [['skipped', 'skipped'], 'skipped', 'skipped'],
    [['completed'], 'completed', 'completed'],
  ])('of %j is %s while the run goes on, and %s when it is over', (statuses, during, after) => {
    expect([sum(statuses).status, sum(statuses, true).status]).toEqual([during, after])
  })

  it('counts what is done, and never says that more is', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom<StepStatus>('pending', 'running', 'completed', 'failed', 'skipped'), { minLength: 1 }), fc.boolean(), (statuses, isOver) => {
      const { done, total, status, finishedAt } = sum(statuses, isOver)
      expect(total).toBe(statuses.length)
      expect(done).toBe(statuses.filter(status => status === 'completed' || status === 'skipped').length)
      expect(status === 'completed' || status === 'skipped').toBe(done === total)
      if (isOver) expect(status).not.toBe('running')
      if (status === 'pending' || status === 'running') expect(finishedAt).toBeNull()
    }))
  })

  it('has the most attempts, the first start, the last end, and the worst error', () => {
    const step = sumStep(config, 3, [
      item('skipped', { error: failure('SKIPPED'), startedAt: '2026-01-01T00:00:03.000Z', finishedAt: '2026-01-01T00:00:04.000Z' }),
      item('failed', { attempts: 5, error: failure('FAILED'), startedAt: '2026-01-01T00:00:02.000Z', finishedAt: '2026-01-01T00:00:09.000Z' }),
      item('completed', { startedAt: '2026-01-01T00:00:01.000Z', finishedAt: '2026-01-01T00:00:05.000Z' }),
    ])
    expect(step).toMatchObject({ order: 3, attempts: 5, error: { code: 'FAILED' }, startedAt: '2026-01-01T00:00:01.000Z', finishedAt: '2026-01-01T00:00:09.000Z' })
  })
})
