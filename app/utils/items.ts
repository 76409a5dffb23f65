import type { LabGroup } from '#shared/schemas/course'

/** What an item of a step is called: a group with its name where it is known, a channel, or the course itself. */
export function itemLabel(key: string, groups: Pick<LabGroup, 'number' | 'name'>[] = []): string {
  const number = /^group-(\d+)$/.exec(key)?.[1]
  if (number) {
    const group = groups.find(group => group.number === Number(number))
    return group ? `Group ${number} · ${group.name}` : `Group ${number}`
  }
  if (/^main-\d+$/.test(key)) return `The course, ${key.slice(5)}`
  return key === 'main' ? 'The course' : `#${key}`
}
