import { execFile } from 'node:child_process'
import { chown, readFile, readdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LaunchError } from '../errors.ts'

const run = promisify(execFile)

export interface Owner { uid: number, gid: number }
export interface Invocation { command: string, args: string[], uid?: number, gid?: number }

/** A way to run PostgreSQL's programs, which refuse root and an id without an account. */
export interface Account {
  name: string
  /** Who must own the files; absent: whoever starts them. */
  owner?: Owner
  wrap: (program: string, args: string[]) => Invocation
}

export const direct: Account = { name: 'direct', wrap: (command, args) => ({ command, args }) }

/**
 * The ways round root, the cleanest first.
 * @param owner an ordinary account of this machine
 */
export function waysForRoot(owner: Owner): Account[] {
  const ids = [String(owner.uid), String(owner.gid)] as const
  return [
    {
      // Root itself, which a namespace shows to PostgreSQL as somebody else: it may enter root's own folders.
      name: 'user namespace',
      wrap: (program, args) => ({
        command: 'unshare', args: ['--user', `--map-user=${ids[0]}`, `--map-group=${ids[1]}`, '--', program, ...args],
      }),
    },
    {
      // Containers often forbid namespaces. One capability lets another account enter root's own folders; the
      // secure bit lets it count in access(2), too, by which PostgreSQL looks for its own programs.
      name: 'account with a capability',
      owner,
      wrap: (program, args) => ({
        command: 'setpriv',
        args: [
          `--reuid=${ids[0]}`, `--regid=${ids[1]}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override',
          '--securebits=+no_setuid_fixup', '--', program, ...args,
        ],
      }),
    },
    { name: 'account', owner, wrap: (command, args) => ({ command, args, ...owner }) },
  ]
}

/** An account other than root: `nobody` where there is one, else the first of the list (lines of passwd(5)). */
export function ordinaryAccount(passwd: string): Owner {
  const accounts = passwd.split('\n').map(line => line.split(':')).filter(fields => fields.length > 3 && !fields[0]?.startsWith('#'))
  const found = accounts.find(([name]) => name === 'nobody') ?? accounts.find(([, , uid]) => uid !== '0')
  // macOS writes nobody as -2; the system calls want it unsigned.
  return { uid: Number(found?.[2] ?? 65534) >>> 0, gid: Number(found?.[3] ?? 65534) >>> 0 }
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  }
  catch {
    return false
  }
}

/** Whether PostgreSQL would run in this way: initdb finds its account, its programs and its files, and makes nothing. */
export async function isPossible(way: Account, initdb: string): Promise<boolean> {
  const { command, args, ...ids } = way.wrap(initdb, ['--show', '--pgdata=/nowhere'])
  return run(command, args, ids).then(() => true, () => false)
}

/** The first way that is possible on this machine. */
export async function chooseAccount(initdb: string): Promise<Account> {
  const root = process.getuid?.() === 0
  if (!root && hasName()) return direct
  const ways = waysForRoot(ordinaryAccount(await readFile('/etc/passwd', 'utf8').catch(() => '')))
  for (const way of root ? ways : ways.slice(0, 1)) if (await isPossible(way, initdb)) return way
  throw new LaunchError(
    'PostgreSQL refuses to run as this user, and this machine allows no way round. '
    + 'Start Atelier as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

/** Gives a folder and all in it to the owner that the account asks for; as root, to root where it asks for none. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const owner = account.owner ?? { uid: 0, gid: 0 }
  const { uid, gid } = await stat(folder)
  if (uid === owner.uid && gid === owner.gid) return
  for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), owner.uid, owner.gid)
  // The folder itself last: until then a crash leaves it to be done again.
  await chown(folder, owner.uid, owner.gid)
}
