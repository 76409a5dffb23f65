import type { CommandPlan } from '../sandbox/command'

export interface Clone {
  /** An address that `repositoryUrlRule` accepts, or one below a configured base address. */
  url: string
  /** As `branchRule` accepts it. */
  branch: string
  /** Folders that are wanted, as `pathRule` accepts them; none: all. */
  paths: string[]
  /** For a private repository. It is in the environment of the clone alone. */
  token?: string
  /** Where the clone goes. */
  folder: string
  timeoutMs: number
}

/**
 * The commands of a clone that fetches as little as it can: the newest commit of one branch, without files but those of the
 * wanted folders. Arguments are separate words, and none that comes from people can be read as an option.
 */
export function cloneCommands({ url, branch, paths, token, folder, timeoutMs }: Clone): CommandPlan[] {
  const plan = { command: 'git', env: environmentOf(url, token), timeoutMs }
  const clone = [
    'clone', '--depth=1', '--filter=blob:none', '--single-branch', '--no-tags', '--no-recurse-submodules', '--quiet',
    ...(paths.length > 0 ? ['--sparse'] : []), `--branch=${branch}`, '--end-of-options', url, folder,
  ]
  if (paths.length === 0) return [{ ...plan, args: clone }]
  return [
    { ...plan, args: clone },
    { ...plan, args: ['-C', folder, 'sparse-checkout', 'set', '--cone', '--end-of-options', ...paths] },
  ]
}

/** What git is told by its environment: that of one command, which no argument list, address or file shows. */
function environmentOf(url: string, token: string | undefined): Record<string, string> {
  const { protocol, origin } = new URL(url)
  const settings: [key: string, value: string][] = [
    // Another host would get the credential, or be one that nobody has checked.
    ['http.followRedirects', 'false'],
    ['core.hooksPath', '/dev/null'],
    // A link becomes a small file with its target: nothing is read or written along it.
    ['core.symlinks', 'false'],
    ...(token ? [[`http.${origin}/.extraHeader`, `Authorization: Basic ${basic(token)}`] as [string, string]] : []),
  ]
  return {
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: protocol.slice(0, -1),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.flatMap(([key, value], n) => [[`GIT_CONFIG_KEY_${n}`, key], [`GIT_CONFIG_VALUE_${n}`, value]])),
  }
}

/** GitHub takes a token as the password of any user. */
const basic = (token: string) => Buffer.from(`x-access-token:${token}`).toString('base64')
