import type { Messages } from './message.ts'

const sendAgain = ({ seconds }: { seconds: number }) => `Wait ${seconds} s and send the same request again; nothing was done.`

/** What is wrong with a request whatever it asks for, and why a server cannot take it now. */
export const requests = {
  NO_SUCH_ROUTE: {
    status: 404,
    message: ({ method, path }: { method: string, path: string }) => `There is no ${method} ${path}.`,
    why: 'Atelier has no route with this path and method.',
    fix: 'Compare the request with /api/docs.',
  },
  REFUSED: {
    status: 400,
    message: 'The request is not understood.',
    why: 'Atelier does not know its path, method or form.',
    fix: 'Compare the request with /api/docs.',
  },
  NOT_FOUND: {
    status: 404,
    message: ({ what, id }: { what: string, id: string }) => `There is no ${what} ${id}.`,
    why: 'It never existed here, or somebody deleted it.',
    fix: ({ what }: { what: string }) => `Look up the ${what} in its list and use the id shown there.`,
  },
  CONTENT_TYPE_MISSING: {
    code: 'NOT_JSON',
    status: 415,
    message: 'The request has no content type.',
    why: 'Atelier reads only JSON bodies.',
    fix: 'Send JSON with the header "content-type: application/json".',
  },
  NOT_JSON: {
    status: 415,
    message: ({ type }: { type: string }) => `The content type of the request is ${type}.`,
    why: 'Atelier reads only JSON bodies.',
    fix: 'Send JSON with the header "content-type: application/json".',
  },
  MALFORMED_JSON: {
    status: 400,
    message: ({ reason }: { reason: string }) => `The body is not valid JSON: ${reason}.`,
    why: 'A quote, a comma or a bracket is missing or extra.',
    fix: 'Check the body with a JSON formatter.',
  },
  BODY_CUT_OFF: {
    status: 400,
    message: 'The connection ended before the body did.',
    why: 'The sender gave up, or the network failed.',
    fix: 'Send the request again.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: ({ limit }: { limit: string }) => `The body is larger than ${limit}.`,
    why: 'No request to Atelier needs more.',
    fix: 'Send a smaller body.',
  },
  BODY_TOO_SLOW: {
    status: 408,
    message: ({ seconds }: { seconds: number }) => `The body did not arrive within ${seconds} s.`,
    why: 'Bodies that never end would fill the memory of the server.',
    fix: 'Send the request again over a faster connection; nothing was done.',
  },
  VALIDATION_FAILED: {
    status: 400,
    message: ({ where, faults }: { where: string, faults: string }) => `The ${where} is not valid: ${faults}`,
    why: 'At least one field is missing, unknown or malformed.',
    fix: 'Correct the fields listed in errors and send the request again; nothing was done.',
  },
  BAD_HOST: {
    status: 400,
    message: 'The Host header of the request is not a host name.',
    why: 'The links in the answer start with it.',
    fix: 'Send the host and port of the server, or set ATELIER_PUBLIC_URL on the server.',
  },
  BAD_IDEMPOTENCY_KEY: {
    status: 400,
    message: 'The Idempotency-Key is empty, longer than 200 characters, or contains other than visible ASCII characters.',
    why: 'Atelier compares the key byte by byte when a request arrives again.',
    fix: 'Use a UUID.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    message: 'This Idempotency-Key was used for another request.',
    why: 'A key stands for one request with one body.',
    fix: 'Use a new key for a new request, or send the first body again to get the first answer.',
  },
  SERVER_AT_CAPACITY: {
    code: 'OVERLOADED',
    status: 429,
    message: ({ requests }: { requests: number }) => `This server is handling ${requests} requests already.`,
    why: 'One more request would slow down all the others.',
    fix: sendAgain,
  },
  ACTOR_AT_CAPACITY: {
    code: 'OVERLOADED',
    status: 429,
    message: ({ requests }: { requests: number }) => `This server is handling ${requests} of your requests already.`,
    why: 'One user may take only a share of the server, so that the others are served, too.',
    fix: sendAgain,
  },
  SERVER_BEHIND: {
    code: 'OVERLOADED',
    status: 429,
    message: ({ delayMs }: { delayMs: number }) => `This server is ${delayMs} ms behind with its work.`,
    why: 'One more change would delay all the others.',
    fix: sendAgain,
  },
  TOO_MANY_STREAMS: {
    code: 'OVERLOADED',
    status: 429,
    message: ({ streams }: { streams: number }) => `This server has ${streams} event streams open already.`,
    why: 'Every stream gets every change, and more streams would delay all of them.',
    fix: sendAgain,
  },
  TOO_MANY_OWN_STREAMS: {
    code: 'TOO_MANY_STREAMS',
    status: 429,
    message: ({ streams }: { streams: number }) => `You have ${streams} event streams open already.`,
    why: 'All who use one key share its streams, so that no key takes all of them.',
    fix: ({ seconds }: { seconds: number }) => `Close a stream or a tab of the dashboard, or wait ${seconds} s, and try again.`,
  },
  TOO_MANY_BODIES: {
    code: 'OVERLOADED',
    status: 429,
    message: ({ bodies, own }: { bodies: number, own: number }) =>
      `This server is receiving ${bodies} bodies already, ${own} of them from you.`,
    why: 'Bodies that have not arrived yet fill the memory of the server.',
    fix: sendAgain,
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    message: 'The database did not answer, so nothing was done.',
    why: 'PostgreSQL is down, restarting or unreachable.',
    fix: 'Send the same request again in a few seconds. If it keeps failing, look at /health.',
  },
  DATABASE_FULL: {
    code: 'DISK_FULL',
    status: 503,
    message: 'The disk of the database is full, so nothing was done.',
    why: 'PostgreSQL could not write.',
    fix: 'Free space on the disk of PostgreSQL, or enlarge it, and send the same request again. Runs continue by themselves.',
  },
  INTERNAL: {
    status: 500,
    message: 'Atelier met an unexpected error.',
    why: 'The cause is not shown here; the log of the server has the details.',
    fix: 'Try again. If it keeps failing, report it with the time it happened.',
  },
} as const satisfies Messages
