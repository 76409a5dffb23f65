import type { NewCourse } from '../../../shared/schemas/course.ts'
import type { Draw } from '../order.ts'

const SEMESTER = '2026'
const LECTURE_CHANNELS = ['announcements', 'general', 'lectures', 'qa-help']

/** What has to be there for a course, by name; worked out here a second time, and not by the code under test. */
export interface WantedCourse {
  guildId: string
  category: string
  channels: { key: string, name: string, role?: string }[]
  roles: { key: string, name: string }[]
  repos: { key: string, name: string }[]
}

export interface AskedCourse { body: NewCourse, wanted: WantedCourse }

/** A course by chance: of any type, with names that a person chose or with those that Atelier gives. */
export function askCourse({ random, n, guildId }: Omit<Draw, 'repository'>): AskedCourse {
  const type = random.pick(['LECTURE', 'LABORATORY', 'COMBINED'] as const)
  const groups = type === 'LECTURE' ? [] : Array.from({ length: random.int(1, 5) }, (_, index) => index + 1)
  const isNamed = random.chance(0.5)
  const hasLecture = type !== 'LABORATORY'
  const named = {
    ...(hasLecture && { githubRepoName: `Hall.${n}`, discordChannels: [`hall-${n}`, `desk-${n}`] }),
    ...(groups.length && { labGroups: groups.map(group => ({ name: `Bench ${group}`, number: group, githubRepoName: `bench_${n}_${group}`, discordChannelName: `bench-${n}-${group}`, discordRoleName: `Bench ${n}/${group}` })) }),
  }
  const unnamed = groups.length ? { labGroups: groups.map(group => ({ name: `Team ${group}`, number: group })) } : {}
  const slug = `chaos-${n}-${SEMESTER}`
  const item = (group: number) => `group-${group}`
  const role = (group: number) => isNamed ? `Bench ${n}/${group}` : `${slug} · ${group} Team ${group}`
  const lectureChannels = !hasLecture ? [] : isNamed ? [`hall-${n}`, `desk-${n}`] : LECTURE_CHANNELS
  return {
    body: { name: `Chaos ${n}`, semester: SEMESTER, type, ...(isNamed ? named : unnamed) },
    wanted: {
      guildId,
      category: `Chaos ${n} · ${SEMESTER}`,
      channels: [
        ...lectureChannels.map(name => ({ key: name, name })),
        ...groups.map(group => ({ key: item(group), name: isNamed ? `bench-${n}-${group}` : `group-${group}-team-${group}`, role: role(group) })),
      ],
      roles: groups.map(group => ({ key: item(group), name: role(group) })),
      repos: [
        ...hasLecture ? [{ key: 'main', name: isNamed ? `Hall.${n}` : slug }] : [],
        ...groups.map(group => ({ key: item(group), name: isNamed ? `bench_${n}_${group}` : `${slug}-group-${group}` })),
      ],
    },
  }
}
