import { GITHUB_ORG, GITHUB_TOKEN } from '../../emulators/defaults.ts'
import type { Bench } from './atelier.ts'

/** A repository with a commit on the emulator of GitHub, in a project of its own, and a challenge that is linked to it. */
export interface LinkedChallenge { challengeId: string, repo: string, link: { status: string, workspace_id: string } }

interface Made { uuid: string, provisioning: LinkedChallenge['link'] }

/** Sets up projects of one repository and one linked challenge each. */
export async function linkChallenges(bench: Bench, names: string[]): Promise<LinkedChallenge[]> {
  return Promise.all(names.map(async (name) => {
    await makeRepository(bench, name)
    const { uuid: project } = await bench.send<Made>('POST', '/api/projects', { title: name })
    const { uuid: repo } = await bench.send<Made>('POST', '/api/repos', { title: name, type: 'github', external_repo_id: `${GITHUB_ORG}/${name}`, project_id: project })
    const { uuid: challenge } = await bench.send<Made>('POST', '/api/challenges', { title: name, project_id: project })
    const { provisioning } = await bench.send<Made>('POST', '/api/repos/challenge-repos', { challenge_id: challenge, repo_id: repo })
    return { challengeId: challenge, repo: name, link: provisioning }
  }))
}

async function makeRepository({ launched }: Bench, name: string): Promise<void> {
  const answer = await fetch(`${launched.emulators!.github.apiUrl}/orgs/${GITHUB_ORG}/repos`, {
    method: 'POST', headers: { 'authorization': `token ${GITHUB_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ name, private: true, auto_init: true }),
  })
  if (!answer.ok) throw new Error(`The repository ${name}: ${answer.status} ${await answer.text()}`)
}
