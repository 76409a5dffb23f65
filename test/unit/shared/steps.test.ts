import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepStatus } from '../../../shared/schemas/run.ts'
import { type ItemState, sumStep } from '../../../shared/utils/steps.ts'

const config = { name: 'CREATE_GROUP_REPOS', title: 'Group repositories' }
const failure = (code: string) => ({ code, message: 'm', why: 'w', fix: 'f' })
const item = (status: StepStatus, more: Partial<ItemState> = {}): ItemState => ({
  step: config.name, key: 'group-1', label: 'Group 1', status,
  attempts: 1, error: null, nextAttemptAt: null, startedAt: null, finishedAt: null, ...more,
})
const sum = (statuses: StepStatus[], left?: 'pending' | 'skipped') => sumStep(config, 1, statuses.map(status => item(status)), left)

describe('the sum of a step', () => {
  it.each<[StepStatus[], StepStatus, StepStatus, StepStatus]>([
    [['pending', 'pending'], 'pending', 'pending', 'skipped'],
    [['pending', 'completed'], 'running', 'pending', 'skipped'],
    [['running', 'completed'], 'running', 'pending', 'skipped'],
    [['running', 'failed'], 'running', 'failed', 'failed'],
    [['pending', 'failed'], 'failed', 'failed', 'failed'],
    [['completed', 'failed'], 'failed', 'failed', 'failed'],
    [['completed', 'skipped'], 'completed', 'completed', 'completed'],
    [['skipped', 'skipped'], 'skipped', 'skipped', 'skipped'],
    [['completed'], 'completed', 'completed', 'completed'],
  ])('of %j is %s while the run goes on, %s when it is over, and %s when it was cancelled', (statuses, during, after, cancelled) => {
    expect([sum(statuses).status, sum(statuses, 'pending').status, sum(statuses, 'skipped').status]).toEqual([during, after, cancelled])
  })

  it('of a cancelled run shows what was not done as left out, without the trouble it may have had', () => {
    const left = item('pending', { error: failure('RESOURCE_BUSY'), nextAttemptAt: '2026-01-01T00:00:03.000Z' })
    expect(sumStep(config, 1, [left, item('completed')], 'skipped')).toMatchObject({
      done: 1, total: 2, error: null, items: [{ status: 'skipped', error: null, nextAttemptAt: null }, { status: 'completed' }] })
  })

  it('counts what is done, and never says that more is', () => {
    const status = fc.constantFrom<StepStatus>('pending', 'running', 'completed', 'failed', 'skipped')
    const whatIsLeft = fc.constantFrom(undefined, 'pending' as const, 'skipped' as const)
    fc.assert(fc.property(fc.array(status, { minLength: 1 }), whatIsLeft, (statuses, left) => {
      const { done, total, status, finishedAt } = sum(statuses, left)
      expect(total).toBe(statuses.length)
      expect(done).toBe(statuses.filter(status => status === 'completed' || status === 'skipped').length)
      if (left !== 'skipped') expect(status === 'completed' || status === 'skipped').toBe(done === total)
      if (status === 'completed') expect(done).toBe(total)
      if (left) expect(status).not.toBe('running')
      if (status === 'pending' || status === 'running') expect(finishedAt).toBeNull()
    }))
  })

  it('has the most attempts, the first start, the last end, and the worst error', () => {
    const step = sumStep(config, 3, [
      item('skipped', { error: failure('SKIPPED'), startedAt: '2026-01-01T00:00:03.000Z', finishedAt: '2026-01-01T00:00:04.000Z' }),
      item('failed', {
        attempts: 5,
        error: failure('FAILED'),
        startedAt: '2026-01-01T00:00:02.000Z',
        finishedAt: '2026-01-01T00:00:09.000Z',
      }),
      item('completed', { startedAt: '2026-01-01T00:00:01.000Z', finishedAt: '2026-01-01T00:00:05.000Z' }),
    ])
    expect(step).toMatchObject({
      order: 3,
      attempts: 5,
      error: { code: 'FAILED' },
      startedAt: '2026-01-01T00:00:01.000Z',
      finishedAt: '2026-01-01T00:00:09.000Z',
    })
  })
})
