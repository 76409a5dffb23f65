import { describe, expect, it } from 'vitest'
import { laboratory, lecture } from '../support/courses.ts'
import { guild, repos, underCategory } from '../support/outside.ts'
import { useAtelier } from '../support/use-atelier.ts'

const atelier = useAtelier()

const names = [
  'Алгоритмы', '算法导论', 'مقدمة في البرمجة', 'תכנות', 'プログラミング', 'Introdução à Programação', '🎓📚', '👩‍👩‍👧‍👦 families',
  '"Quotes" & \'more\'', '@everyone', '<b>bold</b> & [link](javascript:alert(1))', '`code` **bold**',
  'Robert\'); DROP TABLE courses;--', '../../etc/passwd', '..', '-', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢', '${7*7} {{7*7}} %00',
  'x'.repeat(100), '漢'.repeat(100),
]
const alike = ['Café', 'Cafe', 'CAFÉ', 'Cafe\u0301', 'Café!', ' café ']

async function provision(bodies: object[]) {
  const created = await Promise.all(bodies.map(body => atelier.api.createCourse(body)))
  expect(created.map(({ status }) => status)).toEqual(bodies.map(() => 202))
  return Promise.all(created.map(({ body }) => atelier.api.reached(body.id, 'COMPLETED', 60_000)))
}

describe('names', () => {
  it('in any script, with emoji, quotes and markup, become valid names that no other course has', async () => {
    const courses = await provision(names.map(name => laboratory(name, 1, { labGroups: [{ name: name.slice(0, 60), number: 1 }] })))
    expect(courses.map(({ name }) => name)).toEqual(names)
    const resources = (await Promise.all(courses.map(({ id }) => atelier.api.resources(id)))).flat()
    const of = (type: string) => resources.filter(resource => resource.type === type).map(({ name }) => name)
    for (const type of ['REPO', 'ROLE', 'CATEGORY']) expect(new Set(of(type).map(name => name.toLowerCase())).size, type).toBe(names.length)
    for (const name of of('REPO')) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,99}$/)
    for (const name of [...of('ROLE'), ...of('CATEGORY'), ...of('CHANNEL')]) {
      expect(name.length).toBeLessThanOrEqual(100)
      expect(name).not.toMatch(/@|`/)
      expect(name.isWellFormed()).toBe(true)
    }
    const server = await guild(atelier)
    for (const { name } of resources.filter(({ service, type }) => service === 'DISCORD' && type !== 'GUILD'))
      expect([...server.roles, ...server.channels].map(({ name }) => name), 'Discord took it as it is').toContain(name)
    const made = await repos(atelier)
    for (const name of of('REPO')) expect(made.get(name)?.private).toBe(true)
  })

  it('that read alike become distinct ones', async () => {
    const courses = await provision(alike.map(name => lecture(name)))
    expect(new Set(courses.map(({ githubRepoUrl }) => githubRepoUrl!.toLowerCase())).size).toBe(alike.length)
    const [course] = await provision([laboratory('Alike', 1, { labGroups: alike.map((name, index) =>
      ({ name, number: index + 1, discordRoleName: `Role ${name.trim()}${index}`, discordChannelName: `${name}${'.'.repeat(index)}` })) })])
    expect(underCategory(await guild(atelier), 'Alike · 2026')).toHaveLength(alike.length)
    expect(new Set(course!.labGroups.map(({ githubRepoUrl }) => githubRepoUrl)).size).toBe(alike.length)
  })

  it('step aside for those that another course gave its groups', async () => {
    const [first] = await provision([laboratory('Nested', 1)])
    const [second] = await provision([lecture('Nested 2026', { semester: 'Group 1' })])
    expect(first!.labGroups[0]!.githubRepoUrl).toMatch(/nested-2026-group-1$/)
    expect(second!.githubRepoUrl).not.toBe(first!.labGroups[0]!.githubRepoUrl)
  })

  it('that are alike where Discord cuts them stay apart', async () => {
    const long = (end: string) => lecture(`${'🎓'.repeat(40)} ${end}`, { semester: 'S'.repeat(40) })
    await provision([long('one'), long('two')])
  })
})
