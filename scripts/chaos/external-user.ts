import { GITHUB_TOKEN } from '../../emulators/defaults.ts'

/** Somebody else who works on GitHub while there is trouble here. */
export interface Stranger {
  /** Commits a file to a branch. */
  push: (repository: string, branch: string) => Promise<void>
}

/** @param apiUrl the emulator's */
export const createStranger = (apiUrl: string): Stranger => ({
  async push(repository, branch) {
    const response = await fetch(`${apiUrl}/repos/${repository}/contents/work.md`, {
      method: 'PUT',
      headers: { 'authorization': `Bearer ${GITHUB_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Work', branch, content: Buffer.from('Work\n').toString('base64') }),
    })
    if (!response.ok) throw new Error(`${branch} of ${repository} takes no commit: ${await response.text()}`)
  },
})
