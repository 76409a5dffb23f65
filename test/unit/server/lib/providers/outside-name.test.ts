import { expect, it } from 'vitest'
import { outsideName } from '../../../../../server/lib/providers/outside-name.ts'

it('says for which repository it is, as a challenge has a workspace in each', () => {
  expect(outsideName('atelier/home', 'challenge/007-setup', 100)).toBe('home-challenge-007-setup')
  expect(outsideName('atelier/other', 'challenge/007-setup', 100)).not.toBe(outsideName('atelier/home', 'challenge/007-setup', 100))
})

it('keeps two long ones apart, as long as the service takes', () => {
  const long = `task/007-${'x'.repeat(90)}`
  const names = [`${long}-2`, `${long}-3`].map(name => outsideName('atelier/home', name, 96))
  expect(new Set(names).size).toBe(2)
  for (const name of names) expect(name).toMatch(/^home-task-007-x+-[0-9a-f]{8}$/)
  expect(Math.max(...names.map(name => name.length))).toBeLessThanOrEqual(96)
})
