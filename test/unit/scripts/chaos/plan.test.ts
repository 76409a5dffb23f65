import { describe, expect, it } from 'vitest'
import { drivers } from '../../../../scripts/chaos/drivers/index.ts'
import type { PlannedFault } from '../../../../scripts/chaos/faults.ts'
import { planChaos } from '../../../../scripts/chaos/plan.ts'
import { workflows } from '../../../../workflows.config.ts'

const wish = { durationMs: 600_000, processes: 3 }
const dataOf = ({ orders, ...plan }: ReturnType<typeof planChaos>) => JSON.stringify({ ...plan, orders: orders.map(({ atMs, order: { name, asked, faults } }) => ({ atMs, name, asked, faults })) })

it('every workflow has a driver', () => {
  expect(Object.keys(drivers).sort()).toEqual(Object.keys(workflows).sort())
})

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(dataOf(planChaos({ ...wish, seed: 7 }))).toBe(dataOf(planChaos({ ...wish, seed: 7 })))
    expect(dataOf(planChaos({ ...wish, seed: 7 }))).not.toBe(dataOf(planChaos({ ...wish, seed: 8 })))
  })

  it('has every kind of trouble in ten minutes, and no order of the same name twice', () => {
    const { disturbances, orders } = planChaos({ ...wish, seed: 1 })
    expect(new Set(disturbances.map(({ kind }) => kind)).size).toBe(9)
    expect(new Set(orders.map(({ order }) => order.name)).size).toBe(orders.length)
  })

  it('costs no item so many attempts that it could fail for good', () => {
    const refused = ({ bend }: PlannedFault) => bend.status === 403
    const { orders } = planChaos({ ...wish, seed: 1 })
    const most = orders.map(({ order: { faults } }) => Math.max(0, ...Map.groupBy(faults.filter(fault => fault.costly && !refused(fault)), ({ item }) => item).values().map(({ length }) => length)))
    expect(Math.max(...most)).toBe(3)
    expect(Math.max(...most)).toBeLessThan(workflows['provision-course'].retry.attempts)
  })
})
