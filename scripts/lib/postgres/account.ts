import { execFile } from 'node:child_process'
import { chown, readFile, readdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LaunchError } from '../errors.ts'

const run = promisify(execFile)

export interface Owner { uid: number, gid: number }
export interface Invocation { command: string, args: string[], uid?: number, gid?: number }

/** An account to run PostgreSQL's programs, which refuse root and user ids without an account. */
export interface Account {
  name: string
  /** The required owner of the files. Default: the current user. */
  owner?: Owner
  wrap: (program: string, args: string[]) => Invocation
}

export const direct: Account = { name: 'direct', wrap: (command, args) => ({ command, args }) }

/**
 * The accounts that root can use, in order of preference.
 * @param owner an unprivileged account of this machine
 */
export function accountsForRoot(owner: Owner): Account[] {
  const ids = [String(owner.uid), String(owner.gid)] as const
  return [
    {
      // A namespace shows root to PostgreSQL as another user. It can still enter root's own folders.
      name: 'user namespace',
      wrap: (program, args) => ({
        command: 'unshare',
        args: ['--user', `--map-user=${ids[0]}`, `--map-group=${ids[1]}`, '--', program, ...args],
      }),
    },
    {
      // Containers often forbid namespaces. A capability lets another account enter root's own folders. The secure
      // bit makes it effective in access(2), too, with which PostgreSQL finds its own programs.
      name: 'account with a capability',
      owner,
      wrap: (program, args) => ({
        command: 'setpriv',
        args: [
          `--reuid=${ids[0]}`, `--regid=${ids[1]}`, '--clear-groups',
          '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup',
          '--', program, ...args,
        ],
      }),
    },
    { name: 'account', owner, wrap: (command, args) => ({ command, args, ...owner }) },
  ]
}

/** An unprivileged account of a passwd(5) file: `nobody` if it exists, else the first one that is not root. */
export function unprivilegedAccount(passwd: string): Owner {
  const accounts = passwd.split('\n').map(line => line.split(':'))
    .filter(fields => fields.length > 3 && !fields[0]?.startsWith('#'))
  const found = accounts.find(([name]) => name === 'nobody') ?? accounts.find(([, , uid]) => uid !== '0')
  // macOS writes nobody as -2. System calls need an unsigned number.
  return { uid: Number(found?.[2] ?? 65534) >>> 0, gid: Number(found?.[3] ?? 65534) >>> 0 }
}

function hasAccount(): boolean {
  try {
    return userInfo().username !== ''
  }
  catch {
    return false
  }
}

/** Whether PostgreSQL runs with this account: a dry run of initdb finds its user, its programs and its files. */
export async function isUsable(account: Account, initdb: string): Promise<boolean> {
  const { command, args, ...ids } = account.wrap(initdb, ['--show', '--pgdata=/nowhere'])
  return run(command, args, ids).then(() => true, () => false)
}

/** The first account that is usable on this machine. */
export async function chooseAccount(initdb: string): Promise<Account> {
  const isRoot = process.getuid?.() === 0
  if (!isRoot && hasAccount()) return direct
  const accounts = accountsForRoot(unprivilegedAccount(await readFile('/etc/passwd', 'utf8').catch(() => '')))
  for (const account of isRoot ? accounts : accounts.slice(0, 1)) if (await isUsable(account, initdb)) return account
  throw new LaunchError(
    'PostgreSQL refuses to run as this user, and no other account works on this machine. '
    + 'Start Atelier as an unprivileged user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

/** Changes the owner of a folder, recursively, to that of the account. Only root can do it; root is the default owner. */
export async function changeOwner(account: Account, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const owner = account.owner ?? { uid: 0, gid: 0 }
  const { uid, gid } = await stat(folder)
  if (uid === owner.uid && gid === owner.gid) return
  for (const entry of await readdir(folder, { recursive: true })) {
    await chown(join(folder, entry), owner.uid, owner.gid)
  }
  // The folder itself comes last, so that the next start repeats a change that a crash has interrupted.
  await chown(folder, owner.uid, owner.gid)
}
