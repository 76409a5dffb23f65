import { describe, expect, it } from 'vitest'
import { drivers } from '../../../../scripts/chaos/drivers/index.ts'
import type { ProviderFault } from '../../../../scripts/chaos/faults/provider.ts'
import { planChaos } from '../../../../scripts/chaos/plan.ts'
import { workflows } from '../../../../workflows.config.ts'

const options = { durationMs: 600_000, processes: 3 }

/** A plan as text, without functions. */
function serialize({ workload, ...plan }: ReturnType<typeof planChaos>): string {
  const scenarios = workload.map(({ atMs, scenario: { name, parameters, faults } }) => ({ atMs, name, parameters, faults }))
  return JSON.stringify({ ...plan, scenarios })
}

it('every workflow has a driver', () => {
  expect(Object.keys(drivers).sort()).toEqual(Object.keys(workflows).sort())
})

describe('a plan', () => {
  it('is the same for the same seed, and different for another', () => {
    expect(serialize(planChaos({ ...options, seed: 7 }))).toBe(serialize(planChaos({ ...options, seed: 7 })))
    expect(serialize(planChaos({ ...options, seed: 7 }))).not.toBe(serialize(planChaos({ ...options, seed: 8 })))
  })

  it('has every kind of infrastructure fault in ten minutes, and unique scenario names', () => {
    const { faults, workload } = planChaos({ ...options, seed: 1 })
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(11)
    expect(new Set(workload.map(({ scenario }) => scenario.name)).size).toBe(workload.length)
  })

  it('leaves every item enough attempts to succeed', () => {
    const isExpectedFailure = ({ effect }: ProviderFault) => effect.status === 403
    const { workload } = planChaos({ ...options, seed: 1 })
    const costs = workload.map(({ scenario: { faults } }) => {
      const costly = faults.filter(fault => fault.costsAttempt && !isExpectedFailure(fault))
      return Math.max(0, ...Map.groupBy(costly, ({ item }) => item).values().map(({ length }) => length))
    })
    expect(Math.max(...costs)).toBe(3)
    expect(Math.max(...costs)).toBeLessThan(workflows['provision-course'].retry.attempts)
  })
})
