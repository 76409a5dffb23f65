import { figmaConfig } from '../env'
import { figma, figmaPages } from './client'

/** A project of a team. */
export interface Project { id: string, name: string, url: string }

/** The named team, or that of the environment. */
export const teamOf = (parentRef: string | null): string => parentRef ?? figmaConfig().teamId

/**
 * Projects of a team, as Figma orders them.
 * @throws ProviderError PARENT_NOT_FOUND when there is no such team
 */
export async function listProjects(team: string): Promise<Project[]> {
  const path = `/v1/teams/${encodeURIComponent(team)}/projects` as const
  const { projects } = await figma<{ projects: { id: string, name: string }[] }>('FIGMA_LIST_PROJECTS', path)
  return projects.map(({ id, name }) => ({ id: String(id), name, url: `${figmaPages()}/files/project/${id}` }))
}

/** The page on which people create projects of a team. */
export const teamUrl = (team: string) => `${figmaPages()}/files/team/${encodeURIComponent(team)}`
