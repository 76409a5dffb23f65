import { GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { Bench } from './bench.ts'

/** A challenge that is linked to its own repository. */
export interface LinkedChallenge { challengeId: string, repo: string, link: { status: string, workspace_id: string } }

interface Created { uuid: string, provisioning: LinkedChallenge['link'] }

/** Creates projects, each with one repository and one linked challenge. */
export async function linkChallenges(bench: Bench, names: string[]): Promise<LinkedChallenge[]> {
  return Promise.all(names.map(async (name) => {
    await createRepository(bench, name)
    const create = (path: string, body: object) => bench.send<Created>('POST', path, body)
    const { uuid: project_id } = await create('/api/projects', { title: name })
    const { uuid: repo_id } = await create('/api/repos', {
      title: name,
      type: 'github',
      external_repo_id: `${GITHUB_ORG}/${name}`,
      project_id,
    })
    const { uuid: challenge_id } = await create('/api/challenges', { title: name, project_id })
    const { provisioning } = await create('/api/repos/challenge-repos', { challenge_id, repo_id })
    return { challengeId: challenge_id, repo: name, link: provisioning }
  }))
}

/** Creates a repository with a first commit on the GitHub emulator. */
async function createRepository({ launched }: Bench, name: string): Promise<void> {
  const answer = await fetch(`${launched.emulators!.github.apiUrl}/orgs/${GITHUB_ORG}/repos`, {
    method: 'POST',
    headers: { 'authorization': `token ${GITHUB_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, private: true, auto_init: true }),
  })
  if (!answer.ok) throw new Error(`The repository ${name} was not created: ${answer.status} ${await answer.text()}`)
}
