import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Collection } from '../core/collection.ts'
import { FIGMA_TEAM_ID, FIGMA_TEAM_NAME, FIGMA_TOKEN } from '../defaults.ts'

export interface Team { id: string, name: string }
export interface Project { id: string, team: string, name: string }

const id = z.string().regex(/^\d+$/, 'must be an id of Figma')

/** The body of `PUT /__emulator/settings`. All fields are optional. */
const settingsSchema = z.strictObject({
  /** The valid tokens from now on. An empty list revokes all. */
  tokens: z.array(z.string().min(1)).optional(),
  /** Resources that other users create and delete. */
  seed: z.strictObject({
    teams: z.array(z.strictObject({ id, name: z.string() })).default([]),
    projects: z.array(z.strictObject({ team: id.default(FIGMA_TEAM_ID), name: z.string().min(1) })).default([]),
    removeProjects: z.array(id).default([]),
  }).optional(),
})

/** Teams and their projects. Only users create and delete these: Figma's API has no call for it. */
export class Store {
  readonly teams: Collection<Team>
  readonly projects: Collection<Project>
  readonly #settings: Collection<{ tokens: string[] }>

  constructor(database: DatabaseSync) {
    this.teams = new Collection(database, 'team')
    this.projects = new Collection(database, 'project')
    this.#settings = new Collection(database, 'settings')
    if (this.teams.list().length === 0) this.#seedDefaults()
  }

  get tokens(): string[] {
    return this.#settings.get('all')?.tokens ?? []
  }

  projectsOf(team: string): Project[] {
    return this.projects.list(project => project.team === team)
  }

  addProject(team: string, name: string): Project {
    const id = String(Math.max(300_000_000, ...this.projects.list().map(project => Number(project.id))) + 1)
    return this.projects.set(id, { id, team, name })
  }

  /** Applies `PUT /__emulator/settings`. @returns the settings in force, and ids of seeded projects */
  apply(body: unknown) {
    const { tokens, seed } = settingsSchema.parse(body)
    if (tokens) this.#settings.set('all', { tokens })
    for (const team of seed?.teams ?? []) this.teams.set(team.id, team)
    for (const id of seed?.removeProjects ?? []) this.projects.delete(id)
    const projects = (seed?.projects ?? []).map(({ team, name }) => this.addProject(team, name).id)
    return { tokens: this.tokens, seeded: { projects } }
  }

  /** Restores the content of a new emulator: one team without projects. */
  reset(): void {
    this.teams.clear()
    this.projects.clear()
    this.#seedDefaults()
  }

  #seedDefaults(): void {
    this.#settings.set('all', { tokens: [FIGMA_TOKEN] })
    this.teams.set(FIGMA_TEAM_ID, { id: FIGMA_TEAM_ID, name: FIGMA_TEAM_NAME })
  }
}
