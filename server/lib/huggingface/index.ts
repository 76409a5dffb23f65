import { ProviderError, providerError } from '../errors'
import { hub, hubPages } from './client'

export const SDKS = ['gradio', 'streamlit', 'docker', 'static'] as const

/** A Space by its `namespace/name`, with the commit that it is on. */
export interface Space extends Pick<NewSpace, 'sdk' | 'private'> { id: string, url: string, sha: string, createdAt: Date, marked: boolean }

export interface NewSpace {
  namespace: string
  name: string
  title: string
  sdk: typeof SDKS[number]
  private: boolean
  /** Stands among the tags of its card; by it the Space is known again as ours. */
  marker: string
}

/** The Hub's limit for the name of a repository. */
export const SPACE_NAME_LENGTH = 96

/** https://huggingface.co/docs/huggingface_hub/package_reference/hf_api: what the Hub answers, as far as it is used */
interface SpaceInfo extends Pick<NewSpace, 'sdk' | 'private'> { id: string, sha: string, createdAt: string, cardData?: { tags?: string[] } }

/**
 * Makes a Space, which `markSpace` has to mark.
 * @throws ProviderError ALREADY_EXISTS when the namespace has one of that name, PARENT_NOT_FOUND when the token has no such namespace
 */
export async function createSpace({ namespace, name, sdk, private: hidden }: Omit<NewSpace, 'title' | 'marker'>): Promise<Pick<Space, 'id' | 'url' | 'sdk' | 'private'>> {
  await hub('HUGGINGFACE_CREATE_SPACE', 'POST', '/api/repos/create', {
    json: { type: 'space', organization: namespace, name, sdk, private: hidden },
  }).catch((error: unknown) => forbiddenOrMissing(namespace, error))
  const id = `${namespace}/${name}`
  return { id, url: spaceUrl(id), sdk, private: hidden }
}

/** Writes the card by which a Space is known again. @returns the commit */
export async function markSpace(space: Omit<NewSpace, 'private'>): Promise<string> {
  const { commitOid } = await hub<{ commitOid: string }>('HUGGINGFACE_COMMIT', 'POST', `/api/spaces/${space.namespace}/${space.name}/commit/main`, {
    lines: [
      { key: 'header', value: { summary: 'Begin', description: trailer(space.marker) } },
      { key: 'file', value: { path: 'README.md', content: Buffer.from(cardOf(space)).toString('base64'), encoding: 'base64' } },
    ],
  })
  return commitOid
}

/** Finds a Space by `namespace/name`; null when there is none that the token may see. */
export async function findSpace(name: string, marker: string): Promise<Space | null> {
  try {
    const info = await hub<SpaceInfo>('HUGGINGFACE_GET_SPACE', 'GET', `/api/spaces/${name}`)
    const { id, sdk, private: hidden, sha } = info
    return { id, url: spaceUrl(id), sdk, private: hidden, sha, createdAt: new Date(info.createdAt), marked: info.cardData?.tags?.includes(tagOf(marker)) ?? false }
  }
  catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Finds the commit by which a Space was marked, among the newest thousand; null when history was rewritten. */
export async function findMark(id: string, marker: string): Promise<string | null> {
  const commits = await hub<{ id: string, message: string }[]>('HUGGINGFACE_LIST_COMMITS', 'GET', `/api/spaces/${id}/commits/main?limit=1000`)
  return commits.find(({ message }) => message.includes(trailer(marker)))?.id ?? null
}

/** Removes a Space; one that is gone already is no failure. */
export async function deleteSpace(id: string): Promise<void> {
  const [organization, name] = id.split('/')
  await hub('HUGGINGFACE_DELETE_SPACE', 'DELETE', '/api/repos/delete', { json: { type: 'space', organization, name } })
    .catch((error: unknown) => isMissing(error) ? undefined : Promise.reject(error as Error))
}

const spaceUrl = (id: string) => `${hubPages()}/spaces/${id}`

/** The line of a commit's description by which it is known again. */
const trailer = (marker: string) => `Atelier-Seed: ${marker}`

/** Tags are words without a colon. */
const tagOf = (marker: string) => marker.replaceAll(/[^\w-]/g, '-')

/** https://huggingface.co/docs/hub/spaces-config-reference; a JSON string is one of YAML's, too */
const cardOf = ({ title, sdk, marker }: Pick<NewSpace, 'title' | 'sdk' | 'marker'>) => `---
title: ${JSON.stringify(title)}
sdk: ${sdk}
pinned: false
tags:
- ${tagOf(marker)}
---

# ${title}
`

const isMissing = (error: unknown) => error instanceof ProviderError && error.code === 'PARENT_NOT_FOUND'

/** The Hub forbids a namespace that is not there in the words of one that is not ours: who the token belongs to tells them apart. */
async function forbiddenOrMissing(namespace: string, error: unknown): Promise<never> {
  if (!(error instanceof ProviderError && error.code === 'PROVIDER_FORBIDDEN')) throw error
  const { name, orgs = [] } = await hub<{ name: string, orgs?: { name: string }[] }>('HUGGINGFACE_WHOAMI', 'GET', '/api/whoami-v2')
  const namespaces = [name, ...orgs.map(org => org.name)]
  if (namespaces.some(known => known.toLowerCase() === namespace.toLowerCase())) throw error
  throw providerError('NAMESPACE_NOT_FOUND', { namespace, owner: name, namespaces: namespaces.join(', ') }, { cause: error })
}
