import { expect, it } from 'vitest'
import { readRules } from '../../../../../server/lib/rate-limits/rules.ts'

it('reads the limits of the environment with their windows', () => {
  expect(readRules('content=80/60,500/3600 concurrent=100', 'GITHUB_LIMITS')).toEqual([
    { kind: 'content', limit: 80, windowMs: 60_000 },
    { kind: 'content', limit: 500, windowMs: 3_600_000 },
    { kind: 'concurrent', limit: 100, windowMs: 0 },
  ])
  expect(readRules('none', 'GITHUB_LIMITS')).toEqual([])
})

const UNREADABLE = ['content', 'content=', 'content=80/', 'content=x/60', '=80/60']

it.each(UNREADABLE)('names the variable of limits that cannot be read: %s', (text) => {
  expect(() => readRules(text, 'GITHUB_LIMITS'))
    .toThrow(expect.objectContaining({ code: 'MISSING_CONFIGURATION', message: expect.stringContaining('GITHUB_LIMITS') }))
})
