import { realpathSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { HOME } from './protocol.ts'
import { Refused } from './reply.ts'

/**
 * A path of the sandbox, on the machine that the agent sees. In a plain folder no link leads out of it: commands could
 * go there anyway, but files that the emulator writes and reads stay inside.
 */
export function locate(root: string, path: string, cwd = HOME): string {
  if (path.includes('\0')) throw new Refused('bad_request', 'A path has no NUL.')
  const inside = posix.resolve(cwd, path)
  if (root === '') return inside
  const located = inside === '/' ? root : root + inside
  const real = realpathOf(located)
  if (real !== root && !real.startsWith(`${root}/`)) throw new Refused('bad_request', `${path} leads out of the sandbox.`)
  return located
}

/** Of what is not there yet, that of the folder which is. */
function realpathOf(path: string): string {
  try {
    return realpathSync(path)
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return realpathOf(dirname(path))
  }
}
