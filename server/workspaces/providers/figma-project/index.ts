import { z } from 'zod'
import { figmaNeeds, retryBaseMs } from '../../../lib/env'
import { type ProviderError, providerError } from '../../../lib/errors'
import { listProjects, type Project, teamOf, teamUrl } from '../../../lib/figma'
import type { WorkspaceProvider } from '../types'

/**
 * A project of a Figma team. Figma has no call that creates or removes one: a person does that, and the workspace is
 * ready as soon as a project of its name exists.
 */
export const figmaProject: WorkspaceProvider = {
  type: 'figma_project',
  name: 'Figma Project',
  creates: { service: 'FIGMA', count: 1 },
  repoTypes: ['figma'],
  options: z.strictObject({}),
  needs: figmaNeeds,
  refOf: (_, name) => name,

  async provision({ parentRef, name, createdAt: requestedAt }, ensure) {
    const team = teamOf(parentRef)
    const { id, url, detail } = await ensure({ type: 'PROJECT', name }, {
      look: 'first',
      find: async ({ ours }) => {
        const found = await findProject(team, name)
        return found ? { id: found.id, url: found.url, detail: { createdAt: new Date().toISOString(), alreadyExisted: !ours } } : null
      },
      create: () => Promise.reject(awaitsPerson(team, name, requestedAt)),
    })
    const { createdAt, alreadyExisted } = detail as { createdAt: string, alreadyExisted: boolean }
    return { ref: name, url, meta: { projectId: id, teamId: team, createdAt, ...alreadyExisted && { alreadyExisted } } }
  },

  async getStatus({ parentRef, name, meta }) {
    const projects = await listProjects(teamOf(parentRef))
    const exists = projects.some(project => meta.projectId === undefined ? project.name === name : project.id === meta.projectId)
    return { state: exists ? 'ready' : 'missing', expectedSha: null, actualSha: null }
  },
}

async function findProject(team: string, name: string): Promise<Project | undefined> {
  return (await listProjects(team)).find(project => project.name === name)
}

/** The next look comes after a tenth of the time since the request, within these limits. */
const [SOONEST_MS, LATEST_MS] = [5_000, 60_000]

function awaitsPerson(team: string, name: string, requestedAt: Date): ProviderError {
  const soonest = retryBaseMs() ?? SOONEST_MS
  const waited = Date.now() - requestedAt.getTime()
  return providerError('AWAITS_PERSON', { team, name, teamUrl: teamUrl(team) }, {
    retryAfter: Math.round(Math.min(Math.max(waited / 10, soonest), LATEST_MS * soonest / SOONEST_MS)),
  })
}
