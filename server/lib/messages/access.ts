import type { Messages } from './message.ts'

const HOW_TO_SIGN_IN = 'Send the header "x-api-key: <key>", or sign in at /sign-in. '
  + 'The first start prints the owner\'s key and stores it in the data folder.'

/** Sign-in, keys and roles. */
export const access = {
  NOT_SIGNED_IN: {
    status: 401,
    message: 'The request carries neither a key nor a session.',
    why: 'Atelier answers only requests with a valid key or session.',
    fix: HOW_TO_SIGN_IN,
  },
  KEY_REFUSED: {
    code: 'NOT_SIGNED_IN',
    status: 401,
    message: 'The key in the header x-api-key is wrong, revoked or expired.',
    why: 'Atelier answers only requests with a valid key or session.',
    fix: HOW_TO_SIGN_IN,
  },
  ROLE_TOO_SMALL: {
    status: 403,
    message: ({ needed, name, role }: { needed: string, name: string, role: string }) =>
      `This request needs the role ${needed}; ${name} has the role ${role}.`,
    why: 'Roles prevent people who only watch from changing anything by mistake.',
    fix: ({ needed }: { needed: string }) => `Ask the owner for a key with the role ${needed}.`,
  },
  BOUND_KEY: {
    status: 403,
    message: ({ name }: { name: string }) => `The key of ${name} is bound to courses and projects, and this request reaches beyond them.`,
    why: 'A bound key works inside its courses and projects. It adds none, and names no other repository outside.',
    fix: 'Use an unbound key, or ask the owner to do it and to bind the key to the result.',
  },
  OWNER_BOUND: {
    status: 422,
    message: 'A key with the role owner cannot be bound.',
    why: 'An owner manages keys, and could remove the binding at any time.',
    fix: 'Choose the role viewer or operator, or omit the binding.',
  },
  BINDING_UNKNOWN: {
    status: 422,
    message: ({ ids }: { ids: string }) => `The binding names what does not exist: ${ids}.`,
    why: 'Each id must be that of a course under courses, or of a project under projects.',
    fix: 'Look up the ids: GET /api/courses and GET /api/projects list them.',
  },
  SIGN_IN_KEY_REFUSED: {
    code: 'SIGN_IN_REFUSED',
    status: 401,
    message: 'This key is wrong, revoked or expired.',
    why: 'Only a valid key starts a session.',
    fix: 'Paste the key exactly as the first start printed it.',
  },
  SIGN_IN_LINK_REFUSED: {
    code: 'SIGN_IN_REFUSED',
    status: 401,
    message: 'This sign-in link was used already or is older than ten minutes.',
    why: 'A sign-in link works once and for ten minutes.',
    fix: 'Create a new link, or sign in with a key.',
  },
  TOO_MANY_WRONG_KEYS: {
    status: 429,
    message: 'Too many wrong keys came from this address.',
    why: 'After five wrong keys within a minute an address has to wait, so that nobody can guess a key.',
    fix: ({ seconds }: { seconds: number }) => `Wait ${seconds} s, then use a valid key.`,
  },
  CROSS_ORIGIN: {
    status: 403,
    message: ({ from, own }: { from: string, own: string }) => `The request comes from a page of ${from}, not of ${own}.`,
    why: 'Browsers send the session cookie for pages of others, too, so only Atelier\'s own pages may change something with it.',
    fix: ({ own }: { own: string }) =>
      `Open ${own} and repeat it there. If people reach Atelier at another address, set ATELIER_PUBLIC_URL on the server.`,
  },
  ORIGIN_MISSING: {
    code: 'CROSS_ORIGIN',
    status: 403,
    message: 'The request carries a session cookie and does not say which page it comes from.',
    why: 'Only Atelier\'s own pages may change something with a session, and every browser says where a request comes from.',
    fix: 'Send the header x-api-key instead of the cookie.',
  },
  SCHEDULER_ONLY: {
    status: 401,
    message: 'The request does not carry the secret of the scheduler.',
    why: 'Only the scheduler of the platform may start scheduled workflows.',
    fix: 'Set CRON_SECRET on the server, and send it as "authorization: Bearer <CRON_SECRET>".',
  },
  RUNTIME_ONLY: {
    status: 401,
    message: 'These routes belong to the workflow runtime.',
    why: 'A message to them runs steps, so only the process itself may send one.',
    fix: 'Start and follow runs through the API: /api/docs.',
  },
} as const satisfies Messages
