import { z } from 'zod'
import { huggingfaceNeeds } from '../../env'
import { ProviderError } from '../../errors'
import { createSpace, deleteSpace, findSpace, markSpace, SDKS, type Space, SPACE_NAME_LENGTH } from '../../huggingface'
import { outsideName } from '../outside-name'
import type { WorkspaceProvider } from '../types'

const options = z.strictObject({
  sdk: z.enum(SDKS).default('gradio').meta({ title: 'SDK', description: 'What the Space runs.' }),
  private: z.boolean().default(true).meta({ title: 'Private', description: 'Only members of the namespace see it.' }),
})

/**
 * A Space in the namespace of the repository. Its mark is a tag of its card, which the Hub keeps and shows with the
 * Space; it is written right after the Space was made, as the Hub makes none with a card of ours.
 */
export const hfSpace: WorkspaceProvider = {
  type: 'hf_space',
  name: 'Hugging Face Space',
  makes: { service: 'HUGGINGFACE', things: 2 },
  repoTypes: ['huggingface'],
  options,
  needs: huggingfaceNeeds,
  refOf: idOf,

  async provision({ parentRef, name: workspace, title, marker, options: told, createdAt: askedAt }, ensure) {
    const id = idOf(parentRef, workspace)
    const [namespace = '', name = ''] = id.split('/')
    const { sdk, private: hidden } = options.parse(told)
    const { url, detail } = await ensure({ type: 'SPACE', name: id }, {
      look: 'after-interruption',
      find: async ({ ours }) => {
        const found = await findSpace(id, marker)
        if (found && !found.marked && !(ours && isAfter(found, askedAt))) throw strangers(id)
        return found && toMade(found, { alreadyExisted: !ours })
      },
      create: async () => toMade(await createSpace({ namespace, name, sdk, private: hidden })),
    })
    const { createdAt, alreadyExisted } = detail as unknown as Detail
    const card = await ensure({ type: 'SEED_COMMIT', name: id }, {
      // One that was there has its card, which people may have changed.
      look: alreadyExisted ? 'first' : 'after-interruption',
      find: async () => {
        const found = await findSpace(id, marker)
        return found?.marked ? { id: found.sha, url } : null
      },
      create: async () => ({ id: await markSpace({ namespace, name, title, sdk, marker }), url }),
    })
    return { ref: id, url, meta: { sdk, private: hidden, sha: card.id, createdAt, ...alreadyExisted && { alreadyExisted } } }
  },

  async getStatus({ ref, marker, meta }) {
    const found = await findSpace(ref, marker)
    const expectedSha = typeof meta.sha === 'string' ? meta.sha : null
    return { state: !found ? 'missing' : found.sha === expectedSha ? 'ready' : 'drifted', expectedSha, actualSha: found?.sha ?? null }
  },

  async deprovision({ ref, marker, meta }) {
    const found = await findSpace(ref, marker)
    if (!found) return null
    if (typeof meta.sha !== 'string') throw unfinished(ref)
    if (!found.marked) throw strangers(ref)
    // The commit of one that was there already is not known to be ours.
    if (found.sha !== meta.sha || meta.alreadyExisted) throw hasWork(ref)
    return () => deleteSpace(ref)
  },
}

interface Detail { createdAt: string, alreadyExisted?: boolean }

function idOf(parentRef: string | null, name: string): string {
  const [namespace, home] = parentRef!.split('/')
  return `${namespace}/${outsideName([home!, name], SPACE_NAME_LENGTH)}`
}

/** The Hub's clock and ours may differ so much. */
const CLOCKS_MS = 300_000
/** One without a mark can only be what we were about to mark when it is not older than the wish for it. */
const isAfter = ({ createdAt }: Space, askedAt: Date) => createdAt.getTime() > askedAt.getTime() - CLOCKS_MS

const toMade = ({ id, url }: Pick<Space, 'id' | 'url'>, more: Partial<Detail> = {}) => ({ id, url, detail: { createdAt: new Date().toISOString(), ...more } })

const strangers = (id: string) => new ProviderError({
  code: 'RESOURCE_CONFLICT',
  message: `The Space ${id} exists already and was not made for this.`,
  why: 'Its card does not carry the mark of this workspace, so it belongs to somebody else and is left untouched.',
  fix: 'Rename or remove that Space on Hugging Face and press Reprovision.',
  retryable: false,
})

const unfinished = (id: string) => new ProviderError({
  code: 'RESOURCE_CONFLICT',
  message: `It is not known on which commit the Space ${id} was made.`,
  why: 'Making it was interrupted, so nobody can tell whether somebody has worked in it.',
  fix: 'Press Reprovision and remove it then, or delete the Space on Hugging Face by hand and unlink without removing it.',
  retryable: false,
})

const hasWork = (id: string) => new ProviderError({
  code: 'RESOURCE_CONFLICT',
  message: `The Space ${id} has commits of others, as far as can be told.`,
  why: 'Removing it would lose that work.',
  fix: 'Save what is needed and delete the Space on Hugging Face by hand, or unlink without removing it.',
  retryable: false,
})
