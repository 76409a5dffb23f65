import type { Reply } from './protocol.ts'

/** Writes one part of an answer. @returns false while the emulator does not keep up with reading */
export const reply = (answer: Reply): boolean => process.stdout.write(`${JSON.stringify(answer)}\n`)

/** Resolves when the emulator keeps up again. */
export const drained = () => new Promise<void>(resolve => process.stdout.once('drain', resolve))

/** A request that the sandbox refuses. */
export class Refused extends Error {
  readonly code: 'not_found' | 'bad_request'

  constructor(code: 'not_found' | 'bad_request', message: string) {
    super(message)
    this.code = code
  }
}

/** Answers a request with what went wrong. */
export function fail(id: number, error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException
  reply({ id, error: code === 'ENOENT' || code === 'not_found' ? 'not_found' : 'bad_request', message })
}
