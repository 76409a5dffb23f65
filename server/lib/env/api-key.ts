/** 32 characters are 128 bits even where only 16 different ones are used. */
const SHORTEST_KEY = 32

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i

/** What is wrong with the owner's key on a server that listens on `host`; undefined when nothing is. */
export function describeShortKey(key: string, host: string | undefined): Record<'message' | 'why' | 'fix', string> | undefined {
  if (key.length >= SHORTEST_KEY || LOOPBACK.test(host ?? '')) return undefined
  return {
    message: `API_KEY has under ${SHORTEST_KEY} characters, and other machines can reach this server.`,
    why: 'A short key can be guessed.',
    fix: 'Make a key with `openssl rand -hex 32`, set API_KEY to it, and start again. HOST=127.0.0.1 keeps other machines out.',
  }
}
