import { ProviderError, providerError } from '../errors'
import { hub, hubPages } from './client'

export const SDKS = ['gradio', 'streamlit', 'docker', 'static'] as const

/** A Space by its `namespace/name`, with the commit that it is on. */
export interface Space extends Pick<NewSpace, 'sdk' | 'private'> {
  id: string
  url: string
  sha: string
  createdAt: Date
  /** Whether its card has the marker. */
  isMarked: boolean
}

export interface NewSpace {
  namespace: string
  name: string
  title: string
  sdk: typeof SDKS[number]
  private: boolean
  /** One of the tags of its card, by which Atelier recognises its own Space. */
  marker: string
}

/** The Hub's limit for the name of a repository. */
export const SPACE_NAME_LENGTH = 96

/** The part of the Hub's answer that is used. https://huggingface.co/docs/huggingface_hub/package_reference/hf_api */
interface SpaceInfo extends Pick<NewSpace, 'sdk' | 'private'> { id: string, sha: string, createdAt: string, cardData?: { tags?: string[] } }

/**
 * Creates a Space, still without the marker: see `markSpace`.
 * @throws ProviderError ALREADY_EXISTS when the namespace has one of that name, PARENT_NOT_FOUND when the token has
 * no such namespace
 */
export async function createSpace(space: Omit<NewSpace, 'title' | 'marker'>): Promise<Pick<Space, 'id' | 'url' | 'sdk' | 'private'>> {
  const { namespace, name, sdk, private: hidden } = space
  await hub('HUGGINGFACE_CREATE_SPACE', 'POST', '/api/repos/create', {
    json: { type: 'space', organization: namespace, name, sdk, private: hidden },
  }).catch((error: unknown) => forbiddenOrMissing(namespace, error))
  const id = `${namespace}/${name}`
  return { id, url: spaceUrl(id), sdk, private: hidden }
}

/** Writes the card with the marker of a Space. @returns the commit */
export async function markSpace(space: Omit<NewSpace, 'private'>): Promise<string> {
  const path = `/api/spaces/${space.namespace}/${space.name}/commit/main` as const
  const { commitOid } = await hub<{ commitOid: string }>('HUGGINGFACE_COMMIT', 'POST', path, {
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
    const isMarked = info.cardData?.tags?.includes(tagOf(marker)) ?? false
    return { id, url: spaceUrl(id), sdk, private: hidden, sha, createdAt: new Date(info.createdAt), isMarked }
  }
  catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Finds the commit that added the marker to a Space, among the newest thousand; null when history was rewritten. */
export async function findMark(id: string, marker: string): Promise<string | null> {
  const path = `/api/spaces/${id}/commits/main?limit=1000` as const
  const commits = await hub<{ id: string, message: string }[]>('HUGGINGFACE_LIST_COMMITS', 'GET', path)
  return commits.find(({ message }) => message.includes(trailer(marker)))?.id ?? null
}

/** Removes a Space; a missing one is not a failure. */
export async function deleteSpace(id: string): Promise<void> {
  const [organization, name] = id.split('/')
  await hub('HUGGINGFACE_DELETE_SPACE', 'DELETE', '/api/repos/delete', { json: { type: 'space', organization, name } })
    .catch((error: unknown) => isMissing(error) ? undefined : Promise.reject(error as Error))
}

const spaceUrl = (id: string) => `${hubPages()}/spaces/${id}`

/** The line of a commit's description by which Atelier recognises it. */
const trailer = (marker: string) => `Atelier-Seed: ${marker}`

/** Tags are words without a colon. */
const tagOf = (marker: string) => marker.replaceAll(/[^\w-]/g, '-')

/** https://huggingface.co/docs/hub/spaces-config-reference; a JSON string is also a YAML string */
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

/** The Hub gives the same answer for a missing namespace and for a foreign one. The owner of the token shows which it is. */
async function forbiddenOrMissing(namespace: string, error: unknown): Promise<never> {
  if (!(error instanceof ProviderError && error.code === 'PROVIDER_FORBIDDEN')) throw error
  const { name, orgs = [] } = await hub<{ name: string, orgs?: { name: string }[] }>('HUGGINGFACE_WHOAMI', 'GET', '/api/whoami-v2')
  const namespaces = [name, ...orgs.map(org => org.name)]
  if (namespaces.some(known => known.toLowerCase() === namespace.toLowerCase())) throw error
  throw providerError('NAMESPACE_NOT_FOUND', { namespace, owner: name, namespaces: namespaces.join(', ') }, { cause: error })
}
