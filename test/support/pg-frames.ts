import type { Socket } from 'node:net'

/** One message of PostgreSQL's protocol, whole: its type, a letter but for the first one of a connection, and all its bytes. */
export interface Frame { type: string, bytes: Buffer }

/**
 * Cuts what comes from a socket into messages.
 * @param typed whether messages have a type yet; the first ones of a client have none
 */
export function readFrames(socket: Socket, hear: (frame: Frame) => void, typed: () => boolean = () => true): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length ? Buffer.concat([rest, chunk]) : chunk
    for (;;) {
      const head = typed() ? 1 : 0
      if (rest.length < head + 4) return
      const length = head + rest.readUInt32BE(head)
      if (rest.length < length) return
      const bytes = rest.subarray(0, length)
      rest = rest.subarray(length)
      hear({ type: head ? String.fromCharCode(bytes[0]!) : '', bytes })
    }
  })
}
