/** What the emulator asks the agent of a sandbox to do. Answers carry the id of their request. */
export type Request = { id: number } & (
  | { op: 'run', command: string, args: string[], cwd: string, env: Record<string, string>, timeout?: number }
  | { op: 'kill', signal: number }
  | { op: 'mkdir', path: string }
  /** A gzipped tar, in base64, whose names are relative to `/`. */
  | { op: 'unpack', archive: string }
  | { op: 'read', path: string }
)

export type RequestOf<Op extends Request['op']> = Extract<Request, { op: Op }>

/** One part of an answer. `done`, `exitCode` and `error` are the last one. */
export type Reply = { id: number } & (
  | { stream: 'stdout' | 'stderr', data: string }
  | { exitCode: number }
  /** Content of a file, in base64. */
  | { chunk: string }
  | { done: true }
  | { error: 'not_found' | 'bad_request', message: string }
)

/** Where a sandbox has its files, and where its commands start. */
export const HOME = '/vercel/sandbox'
