import { execFile } from 'node:child_process'
import { lstatSync, readlinkSync } from 'node:fs'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'

const AGENT_FOLDER = fileURLToPath(new URL('agent', import.meta.url))
/** Where the agent's program and socket are within a sandbox. */
const AGENT = '/vercel/agent'
const SOCKET = '/vercel/egress.sock'
/** Where a sandbox of the real service has its Node, too. */
const NODE = '/vercel/runtimes/node24/bin'

/** Settings of the machine that programs need: certificates, and where their libraries are. */
const SETTINGS = ['/etc/ssl', '/etc/ca-certificates', '/etc/pki', '/etc/alternatives', '/etc/ld.so.cache']

const PROBE_TIMEOUT_MS = 10_000
const SHARED_MEMORY_BYTES = 64 * 1024 * 1024

/** What a sandbox needs to run. */
export interface Enclosure {
  /** Its own files: `vercel/sandbox`, `home/vercel-sandbox`, `tmp` and `etc`. */
  root: string
  /** The socket of its proxy. */
  egress: string
}

/** Whether bubblewrap is installed and may make namespaces here. */
export async function isBubblewrapUsable(enclosure: Enclosure): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const [program, ...args] = enclosed(enclosure, ['--version'])
  return promisify(execFile)(program, args, { timeout: PROBE_TIMEOUT_MS, env: {} }).then(() => true, () => false)
}

/** The `PATH` of commands. */
export const PATH_INSIDE = `${NODE}:/usr/local/bin:/usr/bin:/bin`

/** The agent's program with its arguments, to be run by Node inside. */
export const agentInside = [`${AGENT}/agent.ts`, '', SOCKET]

/**
 * A command line that runs Node in a sandbox: without a network, without the machine's processes, as an ordinary user without
 * rights, and with nothing of its files but what is read-only below. All of it ends with the process that started it.
 */
export function enclosed({ root, egress }: Enclosure, nodeArgs: string[]): [program: string, ...args: string[]] {
  return [
    'bwrap',
    '--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session', '--clearenv',
    '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL',
    '--ro-bind', '/usr', '/usr', ...systemFolders(),
    ...SETTINGS.flatMap(path => ['--ro-bind-try', path, path]),
    ...['passwd', 'group', 'hosts'].flatMap(name => ['--ro-bind', `${root}/etc/${name}`, `/etc/${name}`]),
    '--proc', '/proc', '--dev', '/dev', '--size', String(SHARED_MEMORY_BYTES), '--tmpfs', '/dev/shm',
    '--bind', `${root}/tmp`, '/tmp',
    '--bind', `${root}/home`, '/home',
    '--bind', `${root}/vercel/sandbox`, '/vercel/sandbox',
    '--ro-bind', process.execPath, `${NODE}/node`,
    '--ro-bind', AGENT_FOLDER, AGENT,
    '--ro-bind', egress, SOCKET,
    '--remount-ro', '/dev', '--remount-ro', '/',
    '--setenv', 'PATH', PATH_INSIDE,
    '--chdir', '/vercel/sandbox',
    `${NODE}/node`, ...nodeArgs,
  ]
}

/** `/bin` and its like: links into `/usr` on most machines, folders on others. */
function systemFolders(): string[] {
  return ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].flatMap((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return []
    return stat.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
  })
}
