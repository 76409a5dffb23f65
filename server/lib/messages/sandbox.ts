import type { Messages } from './message.ts'

const refused = ({ target, said }: { target: string, said: string }) => `Vercel Sandbox refused ${target}: ${said}`

/** Vercel Sandbox: the token, sandboxes and snapshots. */
export const sandbox = {
  SANDBOX_TOKEN_REFUSED: {
    code: 'PROVIDER_AUTHENTICATION',
    retryable: false,
    message: refused,
    why: 'VERCEL_TOKEN or VERCEL_OIDC_TOKEN is wrong, revoked or expired.',
    fix: 'Create a token at https://vercel.com/account/settings/tokens. Set it as VERCEL_TOKEN, start Atelier again and try again.',
  },
  SANDBOX_FORBIDDEN: {
    code: 'PROVIDER_FORBIDDEN',
    retryable: false,
    message: refused,
    why: 'The token may not do this in the team and the project, or their plan does not allow it.',
    fix: 'Correct VERCEL_TEAM_ID and VERCEL_PROJECT_ID, or give the token access to them; then try again.',
  },
  SANDBOX_NOT_FOUND: {
    code: 'PARENT_NOT_FOUND',
    retryable: false,
    message: refused,
    why: 'There is no such sandbox, command or snapshot in the project.',
    fix: 'Start the run again: it creates a new sandbox.',
  },
  SANDBOX_STOPPED: {
    retryable: false,
    message: refused,
    why: 'The sandbox was stopped, its time was over, or it used more than it may. A snapshot may have expired.',
    fix: 'Start the run again: it creates a new sandbox.',
  },
} as const satisfies Messages
