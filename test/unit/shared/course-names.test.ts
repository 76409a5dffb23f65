import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NewCourse } from '../../../shared/schemas/course.ts'
import { MAX_LAB_GROUPS, repoNameRule } from '../../../shared/schemas/rules.ts'
import { nameCourse, wantedSlug } from '../../../shared/utils/course-names.ts'

const words = (max: number) => fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: max }),
  fc.string({ unit: fc.constantFrom('a', 'A', 'á', '🎓', ' ', '-', '漢'), minLength: 1, maxLength: max }),
)
const group = fc.record({
  name: words(60),
  number: fc.integer({ min: 1, max: 9999 }),
  githubRepoName: fc.option(fc.stringMatching(/^[\w.-]{1,100}$/), { nil: undefined }),
  discordChannelName: fc.option(words(90), { nil: undefined }),
  discordRoleName: fc.option(words(90), { nil: undefined }),
})
/** Any course that the API accepts. */
const course = fc.record({
  name: words(100),
  semester: words(40),
  type: fc.constantFrom('LECTURE', 'LABORATORY', 'COMBINED'),
  labGroups: fc.uniqueArray(group, { selector: ({ number }) => number, minLength: 1, maxLength: 12 }),
})
  .map(({ labGroups, ...rest }) => rest.type === 'LECTURE' ? rest : { ...rest, labGroups })
  .map(body => NewCourse.safeParse(body))
  .filter(result => result.success)
  .map(result => result.data!)

const distinctAs = (names: string[], fold = (name: string) => name) => expect(new Set(names.map(fold)).size).toBe(names.length)
const lower = (name: string) => name.toLowerCase()

describe('the names of a course', () => {
  it('are valid, within every limit, and distinct, for any course that is accepted', () => {
    fc.assert(fc.property(course, fc.integer({ min: 1, max: 99 }), (input, n) => {
      const slug = n === 1 ? wantedSlug(input) : `${wantedSlug(input)}-${n}`
      const names = nameCourse(input, slug)
      const repos = [names.githubRepoName, ...names.labGroups.map(({ githubRepoName }) => githubRepoName)].filter(name => name !== null)
      distinctAs(repos, lower)
      for (const name of repos) expect(repoNameRule.safeParse(name).success, name).toBe(true)
      const channels = [...names.discordChannels, ...names.labGroups.map(({ discordChannelName }) => discordChannelName)]
      distinctAs(channels)
      const roles = names.labGroups.map(({ discordRoleName }) => discordRoleName)
      distinctAs(roles, lower)
      for (const name of [...channels, ...roles, names.discordCategoryName]) {
        expect(name.length).toBeGreaterThan(0)
        expect(name.length).toBeLessThanOrEqual(100)
        expect(name).not.toMatch(/[@`]/)
        expect(name.isWellFormed()).toBe(true)
      }
      input.labGroups?.forEach(({ githubRepoName }, index) => {
        if (githubRepoName) expect(names.labGroups[index]!.githubRepoName).toBe(githubRepoName)
      })
    }), { numRuns: 300 })
  })

  it('tell the second course of a name from the first everywhere', () => {
    fc.assert(fc.property(course, (input) => {
      const [first, second] = ['', '-2'].map(suffix => nameCourse(input, wantedSlug(input) + suffix))
      expect(second!.discordCategoryName).not.toBe(first!.discordCategoryName)
      if (first!.githubRepoName) expect(second!.githubRepoName).not.toBe(first!.githubRepoName)
      for (const [index, { name, number, githubRepoName, discordRoleName }] of first!.labGroups.entries()) {
        const other = second!.labGroups[index]!
        expect([other.name, other.number]).toEqual([name, number])
        if (!input.labGroups![index]!.githubRepoName) expect(other.githubRepoName).not.toBe(githubRepoName)
        if (!input.labGroups![index]!.discordRoleName) expect(other.discordRoleName).not.toBe(discordRoleName)
      }
    }))
  })
})

describe('the most groups', () => {
  const groups = (count: number) => Array.from({ length: count }, (_, index) => ({ name: 'G', number: index + 1 }))
  const many = (count: number) => ({ name: 'Many', semester: '1', type: 'LABORATORY', labGroups: groups(count) })

  it(`are ${MAX_LAB_GROUPS}, as Discord's roles allow`, () => {
    expect(NewCourse.safeParse(many(MAX_LAB_GROUPS)).success).toBe(true)
    expect(NewCourse.safeParse(many(MAX_LAB_GROUPS + 1)).success).toBe(false)
    const names = nameCourse(NewCourse.parse(many(MAX_LAB_GROUPS)), 'many-1')
    distinctAs(names.labGroups.map(({ discordChannelName }) => discordChannelName))
  })
})
