import type { Messages } from './message.ts'

const refused = ({ target, said }: { target: string, said: string }) => `Hugging Face refused ${target}: ${said}`

/** Hugging Face: the token, namespaces and Spaces. */
export const huggingface = {
  HUGGINGFACE_TOKEN_REFUSED: {
    code: 'PROVIDER_AUTHENTICATION',
    retryable: false,
    message: refused,
    why: 'HF_TOKEN is wrong, revoked or expired.',
    fix: 'Create a token with the role write at https://huggingface.co/settings/tokens. '
      + 'Set it as HF_TOKEN, start Atelier again and try again.',
  },
  HUGGINGFACE_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The token may not do this.',
    fix: 'Give the token the role write, and its owner the right to write in this namespace; then try again.',
  },
  HUGGINGFACE_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: refused,
    why: 'It does not exist, or the token may not see it.',
    fix: 'Correct namespace/name of the repository, or give HF_TOKEN access to it; then try again.',
  },
  NAMESPACE_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: ({ namespace }: { namespace: string }) => `HF_TOKEN cannot write in a Hugging Face namespace ${namespace}.`,
    why: ({ owner, namespaces }: { owner: string, namespaces: string }) =>
      `The token belongs to ${owner}, with the namespaces ${namespaces}.`,
    fix: 'Correct the namespace of the repository, or use a token of one of its members; then try again.',
  },
  SPACE_NOT_OURS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ id }: { id: string }) => `The Space ${id} exists already, and Atelier did not create it for this.`,
    why: 'Its card does not carry the marker of this workspace, so Atelier does not touch it.',
    fix: 'Rename or remove that Space on Hugging Face and press Reprovision.',
  },
  SPACE_COMMIT_UNKNOWN: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ id }: { id: string }) => `Atelier does not know on which commit the Space ${id} was created.`,
    why: 'Its creation was interrupted, or its history was rewritten, so it may contain work.',
    fix: 'Press Reprovision if it failed, then remove it. '
      + 'Otherwise delete the Space on Hugging Face by hand and unlink without removing it.',
  },
  SPACE_HAS_COMMITS: {
    code: 'RESOURCE_CONFLICT',
    retryable: false,
    message: ({ id }: { id: string }) => `The Space ${id} has commits since it was created.`,
    why: 'Deleting the Space would lose that work.',
    fix: 'Save what is needed and delete the Space on Hugging Face by hand, or unlink without removing it.',
  },
} as const satisfies Messages
