import { z } from 'zod'
import { figmaNeeds, retryBaseMs } from '../../../lib/env'
import { type ProviderError, providerError } from '../../../lib/errors'
import { listProjects, type Project, teamOf, teamUrl } from '../../../lib/figma'
import type { WorkspaceProvider } from '../types'

/**
 * A project of a Figma team. Figma has no call that makes one, and none that removes one: a person does, and the
 * workspace is ready as soon as a project of its name is there.
 */
export const figmaProject: WorkspaceProvider = {
  type: 'figma_project',
  name: 'Figma Project',
  creates: { service: 'FIGMA', count: 1 },
  repoTypes: ['figma'],
  options: z.strictObject({}),
  needs: figmaNeeds,
  refOf: (_, name) => name,

  async provision({ parentRef, name, createdAt: askedAt }, ensure) {
    const team = teamOf(parentRef)
    const { id, url, detail } = await ensure({ type: 'PROJECT', name }, {
      look: 'first',
      find: async ({ ours }) => {
        const found = await findProject(team, name)
        return found ? { id: found.id, url: found.url, detail: { createdAt: new Date().toISOString(), alreadyExisted: !ours } } : null
      },
      create: () => Promise.reject(awaitsPerson(team, name, askedAt)),
    })
    const { createdAt, alreadyExisted } = detail as { createdAt: string, alreadyExisted: boolean }
    return { ref: name, url, meta: { projectId: id, teamId: team, createdAt, ...alreadyExisted && { alreadyExisted } } }
  },

  async getStatus({ parentRef, name, meta }) {
    const projects = await listProjects(teamOf(parentRef))
    const isThere = projects.some(project => meta.projectId === undefined ? project.name === name : project.id === meta.projectId)
    return { state: isThere ? 'ready' : 'missing', expectedSha: null, actualSha: null }
  },
}

async function findProject(team: string, name: string): Promise<Project | undefined> {
  return (await listProjects(team)).find(project => project.name === name)
}

/** Asked about again after a tenth of the time that it has been waited for, between these. */
const [SOONEST_MS, LATEST_MS] = [5_000, 60_000]

function awaitsPerson(team: string, name: string, askedAt: Date): ProviderError {
  const soonest = retryBaseMs() ?? SOONEST_MS
  const waited = Date.now() - askedAt.getTime()
  return providerError('AWAITS_PERSON', { team, name, teamUrl: teamUrl(team) }, {
    retryAfter: Math.round(Math.min(Math.max(waited / 10, soonest), LATEST_MS * soonest / SOONEST_MS)),
  })
}
