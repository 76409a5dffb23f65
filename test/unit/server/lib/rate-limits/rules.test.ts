import { expect, it } from 'vitest'
import { readRules } from '../../../../../server/lib/rate-limits/rules.ts'

it('reads the limits of the environment with their windows', () => {
  expect(readRules('content=80/60,500/3600 concurrent=100')).toEqual([
    { kind: 'content', limit: 80, windowMs: 60_000 },
    { kind: 'content', limit: 500, windowMs: 3_600_000 },
    { kind: 'concurrent', limit: 100, windowMs: 0 },
  ])
  expect(readRules('none')).toEqual([])
})
