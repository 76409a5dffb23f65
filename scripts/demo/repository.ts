import * as emulated from '../../emulators/defaults.ts'
import { LaunchError } from '../lib/errors.ts'
import type { Launched } from '../lib/launcher.ts'

/** GitHub's API with who calls it. */
export interface GitHubAccess { apiUrl: string, token: string, org: string }

/** The emulator that was started, else what the environment names. */
export function gitHubOf({ settings, emulators }: Pick<Launched, 'settings' | 'emulators'>, env = process.env): GitHubAccess {
  if (settings.emulated.github && emulators) return { apiUrl: emulators.github.apiUrl, token: emulated.GITHUB_TOKEN, org: emulated.GITHUB_ORG }
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com', GITHUB_TOKEN: token, GITHUB_ORG: org } = env
  if (!token || !org) throw new LaunchError('The demo makes a repository on GitHub: set GITHUB_TOKEN and GITHUB_ORG, or neither to use the emulator.')
  return { apiUrl, token, org }
}

/**
 * Sees to it that the organization has the repository, with a commit in it.
 * @returns its `owner/name`
 */
export async function ensureRepository({ apiUrl, token, org }: GitHubAccess, name: string): Promise<string> {
  const headers = { 'authorization': `Bearer ${token}`, 'accept': 'application/vnd.github+json', 'content-type': 'application/json' }
  const there = await fetch(`${apiUrl}/repos/${org}/${name}`, { headers })
  if (there.ok) return `${org}/${name}`
  const made = await fetch(`${apiUrl}/orgs/${org}/repos`, { method: 'POST', headers, body: JSON.stringify({ name, private: true, auto_init: true }) })
  if (!made.ok) throw new LaunchError(`GitHub did not make the repository ${org}/${name} (${made.status}). The demo needs a token that may: the one of GITHUB_TOKEN.`)
  return `${org}/${name}`
}
