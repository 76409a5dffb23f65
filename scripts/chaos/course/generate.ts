import type { NewCourse } from '../../../shared/schemas/course.ts'
import type { ScenarioInput } from '../scenario.ts'

const SEMESTER = '2026'
const LECTURE_CHANNELS = ['announcements', 'general', 'lectures', 'qa-help']

/** The resources that a course must have, by name. Computed here independently of the code under test. */
export interface ExpectedCourse {
  guildId: string
  category: string
  channels: { key: string, name: string, role?: string }[]
  roles: { key: string, name: string }[]
  repos: { key: string, name: string }[]
}

export interface GeneratedCourse { body: NewCourse, expected: ExpectedCourse }

/** A random course of any type. Either the request has all names, or Atelier derives them. */
export function generateCourse({ random, n, guildId }: Omit<ScenarioInput, 'repository'>): GeneratedCourse {
  const type = random.pick(['LECTURE', 'LABORATORY', 'COMBINED'] as const)
  const groups = type === 'LECTURE' ? [] : Array.from({ length: random.int(1, 5) }, (_, index) => index + 1)
  const isNamed = random.chance(0.5)
  const hasLecture = type !== 'LABORATORY'
  const namedGroup = (group: number) => ({
    name: `Bench ${group}`,
    number: group,
    githubRepoName: `bench_${n}_${group}`,
    discordChannelName: `bench-${n}-${group}`,
    discordRoleName: `Bench ${n}/${group}`,
  })
  const named = {
    ...hasLecture && { githubRepoName: `Hall.${n}`, discordChannels: [`hall-${n}`, `desk-${n}`] },
    ...groups.length && { labGroups: groups.map(namedGroup) },
  }
  const unnamed = groups.length ? { labGroups: groups.map(group => ({ name: `Team ${group}`, number: group })) } : {}
  const slug = `chaos-${n}-${SEMESTER}`
  const item = (group: number) => `group-${group}`
  const role = (group: number) => isNamed ? `Bench ${n}/${group}` : `${slug} · ${group} Team ${group}`
  const channel = (group: number) => isNamed ? `bench-${n}-${group}` : `group-${group}-team-${group}`
  const repo = (group: number) => isNamed ? `bench_${n}_${group}` : `${slug}-group-${group}`
  const lectureChannels = !hasLecture ? [] : isNamed ? [`hall-${n}`, `desk-${n}`] : LECTURE_CHANNELS
  return {
    body: { name: `Chaos ${n}`, semester: SEMESTER, type, ...isNamed ? named : unnamed },
    expected: {
      guildId,
      category: `Chaos ${n} · ${SEMESTER}`,
      channels: [
        ...lectureChannels.map(name => ({ key: name, name })),
        ...groups.map(group => ({ key: item(group), name: channel(group), role: role(group) })),
      ],
      roles: groups.map(group => ({ key: item(group), name: role(group) })),
      repos: [
        ...hasLecture ? [{ key: 'main', name: isNamed ? `Hall.${n}` : slug }] : [],
        ...groups.map(group => ({ key: item(group), name: repo(group) })),
      ],
    },
  }
}
