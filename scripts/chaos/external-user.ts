import { GITHUB_TOKEN } from '../../emulators/defaults.ts'

/** A GitHub user that works in the same repositories as Atelier. */
export interface ExternalUser {
  /** Commits a file to a branch. */
  push: (repository: string, branch: string) => Promise<void>
}

/** @param apiUrl the API of the GitHub emulator */
export const createExternalUser = (apiUrl: string): ExternalUser => ({
  async push(repository, branch) {
    const response = await fetch(`${apiUrl}/repos/${repository}/contents/work.md`, {
      method: 'PUT',
      headers: { 'authorization': `Bearer ${GITHUB_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Work', branch, content: Buffer.from('Work\n').toString('base64') }),
    })
    if (!response.ok) throw new Error(`The push to ${branch} of ${repository} failed: ${await response.text()}`)
  },
})
