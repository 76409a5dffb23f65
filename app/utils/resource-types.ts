import type { Resource } from '../../shared/schemas/resource'
import { readable } from './readable'

/** The common types of resource in the order in which people look for them, each with its label. */
const labels: Record<string, string> = {
  GUILD: 'Server',
  CATEGORY: 'Category',
  CHANNEL: 'Channel',
  ROLE: 'Role',
  REPO: 'Repository',
  BRANCH: 'Branch',
  BRANCH_PROTECTION: 'Protection',
  SEED_COMMIT: 'Seed commit',
  SPACE: 'Space',
  PROJECT: 'Project',
}
const order = Object.keys(labels)
const rank = (type: string): number => order.includes(type) ? order.indexOf(type) : order.length

/** The label of a type of resource; a type that nobody described is readable, too. */
export const resourceTypeLabel = (type: string): string => labels[type] ?? readable(type)

/** Resources by type, then by name. */
export const byType = (a: Resource, b: Resource): number =>
  rank(a.type) - rank(b.type) || a.type.localeCompare(b.type) || a.name.localeCompare(b.name, undefined, { numeric: true })

/** The name of a resource without what stands beside it anyway: the repository of a commit or of a protected branch. */
export function shortName({ type, name, externalId }: Pick<Resource, 'type' | 'name' | 'externalId'>): string {
  if (type === 'SEED_COMMIT') return externalId.slice(0, 7)
  return type === 'BRANCH_PROTECTION' ? name.split(':').at(-1)! : name
}

export interface ResourceSection { title: string, resources: Resource[] }

/**
 * Resources in sections: one for each part of the subject that has several, the subject itself first, and one for all others.
 * @param labelOf the label of the part that a resource belongs to
 */
export function resourceSections(resources: Resource[], labelOf: (resource: Resource) => string): ResourceSection[] {
  const byLabel = Map.groupBy(resources, labelOf)
  const several = [...byLabel].filter(([, members]) => members.length > 1)
    .map(([title, members]) => ({ title, isSubject: members.some(({ key }) => key === 'main'), resources: members.toSorted(byType) }))
    .sort((a, b) => Number(b.isSubject) - Number(a.isSubject) || a.title.localeCompare(b.title, undefined, { numeric: true }))
  const single = [...byLabel.values()].filter(members => members.length === 1).flat().sort(byType)
  return [
    ...several.map(({ title, resources }) => ({ title, resources })),
    ...single.length ? [{ title: several.length ? 'Other resources' : '', resources: single }] : [],
  ]
}
