import { describe, expect, it } from 'vitest'
import { resourceSections, resourceTypeLabel, shortName } from '../../../../app/utils/resource-types.ts'
import type { Resource } from '../../../../shared/schemas/resource.ts'

const resource = (type: string, key: string, label: string, name = `${key}-${type}`): Resource => ({
  id: name, service: 'GITHUB', type, key, label, name, externalId: '0123456789abcdef', url: null,
  runId: 'run', removable: true, createdAt: '2026-11-21T12:00:00Z',
})
const sections = (resources: Resource[]) =>
  resourceSections(resources, ({ label }) => label)
    .map(({ title, resources }) => [title, resources.map(({ type, key }) => `${key} ${type}`)])

describe('resources', () => {
  it('stand in a section for each part of the subject, the subject first, then by number', () => {
    expect(sections([
      resource('REPO', 'group-10', 'Group 10'), resource('CHANNEL', 'group-10', 'Group 10'),
      resource('REPO', 'group-2', 'Group 2'), resource('ROLE', 'group-2', 'Group 2'),
      resource('GUILD', 'main', 'The course'), resource('CATEGORY', 'main', 'The course'),
      resource('CHANNEL', 'general', '#general'),
    ])).toEqual([
      ['The course', ['main GUILD', 'main CATEGORY']],
      ['Group 2', ['group-2 ROLE', 'group-2 REPO']],
      ['Group 10', ['group-10 CHANNEL', 'group-10 REPO']],
      ['Other resources', ['general CHANNEL']],
    ])
  })

  it('need no headings where no part has several, and none where there are none', () => {
    expect(sections([resource('SANDBOX_VM', 'b', 'B'), resource('REPO', 'a', 'A')])).toEqual([['', ['a REPO', 'b SANDBOX_VM']]])
    expect(sections([])).toEqual([])
  })

  it('have readable types and short names', () => {
    expect(['REPO', 'SANDBOX_VM'].map(resourceTypeLabel)).toEqual(['Repository', 'Sandbox vm'])
    const nameOf = (type: string, name: string) => shortName({ type, name, externalId: '0123456789abcdef' })
    expect([nameOf('SEED_COMMIT', 'org/repo'), nameOf('BRANCH_PROTECTION', 'org/repo:main'), nameOf('REPO', 'org/repo')])
      .toEqual(['0123456', 'main', 'org/repo'])
  })
})
