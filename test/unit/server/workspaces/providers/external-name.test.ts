import { expect, it } from 'vitest'
import { gitRepo } from '../../../../../server/workspaces/providers/git-repo/index.ts'
import { externalName } from '../../../../../server/workspaces/providers/external-name.ts'

it('has its repository first, and no slash', () => {
  expect(externalName(['home', 'challenge/007-setup'], 100)).toBe('home-challenge-007-setup')
})

it('keeps two long ones apart, as long as the service takes', () => {
  const long = `task/007-${'x'.repeat(90)}`
  const names = [`${long}-2`, `${long}-3`].map(name => externalName(['home', name], 96))
  expect(new Set(names).size).toBe(2)
  for (const name of names) expect(name).toMatch(/^home-task-007-x+-[0-9a-f]{8}$/)
  expect(Math.max(...names.map(name => name.length))).toBeLessThanOrEqual(96)
})

it('tells apart the repositories of a challenge that stand side by side in the organization', () => {
  Object.assign(process.env, { GITHUB_TOKEN: 'token', GITHUB_ORG: 'atelier' })
  const refs = ['Atelier/home', 'atelier/other', 'others/home'].map(parent => gitRepo.refOf(parent, 'challenge/007-setup'))
  expect(refs).toEqual(['atelier/home-challenge-007-setup', 'atelier/other-challenge-007-setup', 'atelier/others-home-challenge-007-setup'])
})
