import * as emulated from '../../emulators/defaults.ts'
import { LaunchError } from '../lib/errors.ts'
import type { Launched } from '../lib/launcher.ts'

/** GitHub's API with its credentials. */
export interface GitHubAccess { apiUrl: string, token: string, org: string }

/** The running GitHub emulator, else the GitHub of the environment. */
export function githubAccess(
  { settings, emulators }: Pick<Launched, 'settings' | 'emulators'>,
  env = process.env,
): GitHubAccess {
  if (settings.emulated.github && emulators) {
    return { apiUrl: emulators.github.apiUrl, token: emulated.GITHUB_TOKEN, org: emulated.GITHUB_ORG }
  }
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com', GITHUB_TOKEN: token, GITHUB_ORG: org } = env
  if (token && org) return { apiUrl, token, org }
  throw new LaunchError(
    'The demo needs access to GitHub to create a repository. Set GITHUB_TOKEN and GITHUB_ORG, or unset both to use the emulator.',
  )
}

/**
 * Creates the repository with a first commit, unless it exists.
 * @returns its `owner/name`
 */
export async function ensureRepository({ apiUrl, token, org }: GitHubAccess, name: string): Promise<string> {
  const headers = {
    'authorization': `Bearer ${token}`,
    'accept': 'application/vnd.github+json',
    'content-type': 'application/json',
  }
  const existing = await fetch(`${apiUrl}/repos/${org}/${name}`, { headers })
  if (existing.ok) return `${org}/${name}`
  const body = JSON.stringify({ name, private: true, auto_init: true })
  const created = await fetch(`${apiUrl}/orgs/${org}/repos`, { method: 'POST', headers, body })
  if (created.ok) return `${org}/${name}`
  throw new LaunchError(
    `GitHub refused to create the repository ${org}/${name} (${created.status}). `
    + 'Set GITHUB_TOKEN to a token that may create repositories.',
  )
}
