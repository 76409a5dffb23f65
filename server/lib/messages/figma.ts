import type { Messages } from './message.ts'

const refused = ({ target, said }: { target: string, said: string }) => `Figma refused ${target}: ${said}`

/** Figma: the token, teams and projects. */
export const figma = {
  FIGMA_TOKEN_REFUSED: {
    code: 'PROVIDER_AUTHENTICATION',
    retryable: false,
    message: refused,
    why: 'FIGMA_TOKEN is wrong, revoked or expired.',
    fix: 'Create a token with the scope projects:read in Figma, under Settings, Security, Personal access tokens. '
      + 'Set it as FIGMA_TOKEN, start Atelier again and try again.',
  },
  FIGMA_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The token may not do this.',
    fix: 'Give the token the scope projects:read, and its owner a seat in the team; then try again.',
  },
  FIGMA_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: refused,
    why: 'It does not exist, or the token may not see it.',
    fix: 'Correct the id of the team, the number after /team/ in the address of its page. '
      + 'If it is correct, invite the owner of FIGMA_TOKEN to the team; then try again.',
  },
  AWAITS_PERSON: {
    retryable: true,
    message: ({ team, name }: { team: string, name: string }) => `Figma has no project "${name}" in the team ${team} yet.`,
    why: 'Figma does not let programs create projects, so a person must create it.',
    fix: ({ teamUrl, name }: { teamUrl: string, name: string }) =>
      `Open ${teamUrl} and create a project with exactly this name: ${name}. Atelier finds it within a minute.`,
  },
} as const satisfies Messages
