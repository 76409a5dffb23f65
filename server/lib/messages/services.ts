import type { Messages } from './message.ts'

interface Call { service: string, target: string }
interface RefusedCall extends Call { said: string }

const refused = ({ service, target, said }: RefusedCall) => `${service} refused ${target}: ${said}`
const tryAgain = ({ statusPage, variable }: { statusPage: string, variable: string }) =>
  `Wait: Atelier tries again by itself. If it keeps failing, check ${statusPage} and ${variable}, then try again.`

/** What every outside service may answer, and what the server needs to call one. */
export const services = {
  SERVICE_RATE_LIMITED: {
    code: 'RATE_LIMITED',
    retryable: true,
    message: refused,
    why: ({ service }: Call) => `${service} limits how much one credential may do in a given time.`,
    fix: 'Wait: the step continues by itself as soon as the limit allows.',
  },
  SERVICE_UNREACHABLE: {
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
    message: ({ service, target, said }: RefusedCall) => `${service} did not answer ${target}: ${said}`,
    why: 'The connection failed, or the answer took too long.',
    fix: tryAgain,
  },
  SERVICE_DOWN: {
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
    message: refused,
    why: ({ service, status }: Call & { status: number }) => `${service} itself has a problem (HTTP ${status}).`,
    fix: tryAgain,
  },
  CHANGED_MEANWHILE: {
    code: 'PROVIDER_UNAVAILABLE',
    retryable: true,
    message: refused,
    why: 'Another change of the same resource arrived at the same time.',
    fix: tryAgain,
  },
  NAME_EXISTS: {
    code: 'ALREADY_EXISTS',
    retryable: false,
    message: refused,
    why: ({ service }: Call) => `${service} already has a resource with this name.`,
    fix: 'Choose another name, or remove the existing one.',
  },
  CALL_REJECTED: {
    code: 'PROVIDER_REJECTED',
    retryable: false,
    message: refused,
    why: ({ service, status }: Call & { status: number }) => `${service} does not accept the call (HTTP ${status}).`,
    fix: ({ service }: Call) => `Correct what ${service} names in its answer, and try again.`,
  },
  REDIRECTED: {
    code: 'WRONG_CONFIGURATION',
    retryable: false,
    message: ({ service, target, location }: Call & { location: string }) => `${service} redirects ${target} to ${location}.`,
    why: 'Atelier sends a credential only to the address that was configured.',
    fix: ({ service, variable }: Call & { variable: string }) =>
      `Set ${variable} to the address of ${service}, start Atelier again and try again.`,
  },
  RATE_LIMIT_REACHED: {
    code: 'RATE_LIMITED',
    retryable: true,
    message: ({ limit }: { limit: string }) => `${limit}; this call waits for its turn.`,
    why: 'All calls with the same credential share this limit.',
    fix: 'Wait: the step continues by itself as soon as the limit allows.',
  },
  SERVICE_ASKED_TO_WAIT: {
    code: 'RATE_LIMITED',
    retryable: true,
    message: ({ service }: { service: string }) => `${service} asked Atelier to wait, so this call waits.`,
    why: 'All calls with the same credential share its limits.',
    fix: 'Wait: the step continues by itself as soon as the limit allows.',
  },
  VARIABLE_MISSING: {
    code: 'MISSING_CONFIGURATION',
    retryable: false,
    message: ({ variable }: { variable: string }) => `${variable} is not set.`,
    why: 'Atelier cannot call the service without it.',
    fix: ({ variable, where }: { variable: string, where: string }) => `Set ${variable} and start Atelier again. ${where}`,
  },
  API_KEY_SHORT: {
    code: 'WRONG_CONFIGURATION',
    retryable: false,
    message: ({ least }: { least: number }) => `API_KEY has under ${least} characters, and other machines can reach this server.`,
    why: 'A short key can be guessed.',
    fix: 'Make a key with `openssl rand -hex 32`, set API_KEY to it, and start again. HOST=127.0.0.1 keeps other machines out.',
  },
  VARIABLE_WRONG: {
    code: 'WRONG_CONFIGURATION',
    retryable: false,
    message: ({ found, expected }: { found: string, expected: string }) => `${found}. It must be ${expected}.`,
    why: 'Atelier does not guess what a wrong value means.',
    fix: ({ variable }: { variable: string }) => `Correct ${variable} or remove it, and start Atelier again.`,
  },
} as const satisfies Messages
