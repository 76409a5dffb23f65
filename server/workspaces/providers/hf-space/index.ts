import { z } from 'zod'
import { huggingfaceNeeds } from '../../../lib/env'
import { providerError } from '../../../lib/errors'
import { createSpace, deleteSpace, findMark, findSpace, markSpace, SDKS, type Space, SPACE_NAME_LENGTH } from '../../../lib/huggingface'
import { externalName } from '../external-name'
import type { WorkspaceProvider } from '../types'

const options = z.strictObject({
  sdk: z.enum(SDKS).default('gradio').meta({ title: 'SDK', description: 'What the Space runs.' }),
  private: z.boolean().default(true).meta({ title: 'Private', description: 'Only members of the namespace see it.' }),
})

/**
 * A Space in the namespace of the repository. Its marker is a tag of its card, which the Hub shows with the Space. The
 * card is written right after the Space is created, as the Hub puts a card of its own into a new one.
 */
export const hfSpace: WorkspaceProvider = {
  type: 'hf_space',
  name: 'Hugging Face Space',
  creates: { service: 'HUGGINGFACE', count: 2 },
  repoTypes: ['huggingface'],
  options,
  needs: huggingfaceNeeds,
  refOf: idOf,

  async provision({ parentRef, name: workspace, title, marker, options: given, createdAt: requestedAt }, ensure) {
    const id = idOf(parentRef, workspace)
    const [namespace = '', name = ''] = id.split('/')
    const { sdk, private: hidden } = options.parse(given)
    const { url, detail } = await ensure({ type: 'SPACE', name: id }, {
      look: 'after-interruption',
      find: async ({ ours }) => {
        const found = await findSpace(id, marker)
        if (found && !found.isMarked && !(ours && isAfter(found, requestedAt))) throw providerError('SPACE_NOT_OURS', { id })
        return found && toCreated(found, { alreadyExisted: !ours })
      },
      create: async () => toCreated(await createSpace({ namespace, name, sdk, private: hidden })),
    })
    const { alreadyExisted, ...kept } = detail as unknown as Detail
    const mark = () => ensure({ type: 'SEED_COMMIT', name: id }, {
      look: 'after-interruption',
      find: async () => {
        const found = await findMark(id, marker)
        return found === null ? null : { id: found, url }
      },
      create: async () => ({ id: await markSpace({ namespace, name, title, sdk, marker }), url }),
    })
    // One that existed before has its card, which people may have changed.
    const sha = alreadyExisted ? await findMark(id, marker) : (await mark()).id
    return { ref: id, url, meta: { ...kept, sha, ...alreadyExisted && { alreadyExisted } } }
  },

  async getStatus({ ref, marker, meta }) {
    const found = await findSpace(ref, marker)
    const expectedSha = typeof meta.sha === 'string' ? meta.sha : null
    if (!found) return { state: 'missing', expectedSha, actualSha: null }
    const isAsCreated = expectedSha === null || found.sha === expectedSha
    return { state: isAsCreated ? 'ready' : 'drifted', expectedSha, actualSha: found.sha }
  },

  async deprovision({ ref, marker, meta }) {
    const found = await findSpace(ref, marker)
    if (!found) return null
    if (typeof meta.sha !== 'string') throw providerError('SPACE_COMMIT_UNKNOWN', { id: ref })
    if (!found.isMarked) throw providerError('SPACE_NOT_OURS', { id: ref })
    if (found.sha !== meta.sha) throw providerError('SPACE_HAS_COMMITS', { id: ref })
    return () => deleteSpace(ref)
  },
}

interface Detail { sdk: string, private: boolean, createdAt: string, alreadyExisted?: boolean }

function idOf(parentRef: string | null, name: string): string {
  const [namespace, home] = parentRef!.split('/')
  return `${namespace}/${externalName([home!, name], SPACE_NAME_LENGTH)}`
}

/** The Hub's clock and ours may differ this much. */
const TOLERANCE_MS = 300_000
/** One without a marker can only be ours, still unmarked, when it is not older than the request. */
const isAfter = ({ createdAt }: Space, requestedAt: Date) => createdAt.getTime() > requestedAt.getTime() - TOLERANCE_MS

const toCreated = ({ id, url, sdk, private: hidden }: Pick<Space, 'id' | 'url' | 'sdk' | 'private'>, more: Partial<Detail> = {}) =>
  ({ id, url, detail: { sdk, private: hidden, createdAt: new Date().toISOString(), ...more } })
