import type { Bench } from './lib/atelier.ts'
import { type Figure, time } from './lib/figures.ts'
import { linkChallenges } from './lib/project.ts'
import { watchRuns } from './lib/watch-runs.ts'

const TASKS = 100
const REPOS = 5
const LATENCY_MS = 100
/** Requests that GitHub takes of one token at the same time: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const AT_ONCE = 100

interface Assigned { provisioning: { status: string, workspace: { run: { id: string } } }[] }

/** A hundred tasks of five challenges, each linked to a repository of its own, assigned at the same moment. */
export async function benchWorkspaces(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await using runs = await watchRuns(bench)
  const { uuid: userId } = await bench.send<{ uuid: string }>('POST', '/api/contributors', { full_name: 'Bench', github_username: `bench-${Date.now()}` })
  const assign = async (task: string) => {
    const { provisioning } = await bench.send<Assigned>('POST', `/api/tasks/${task}/assign`, { userId })
    await runs.finished(provisioning.map(({ workspace }) => workspace.run.id))
  }
  const tasksOf = (challenges: { challengeId: string }[], count: number) => Promise.all(Array.from({ length: count }, async (_, n) =>
    (await bench.send<{ uuid: string }>('POST', '/api/tasks', { title: `Task ${n}`, challenge_id: challenges[n % challenges.length]!.challengeId })).uuid))

  await Promise.all((await tasksOf(await linkChallenges(bench, ['warm-up']), 10)).map(assign))
  await bench.latency(LATENCY_MS)
  await bench.takeCalls()
  const challenges = await linkChallenges(bench, Array.from({ length: REPOS }, (_, n) => `bench-repo-${n + 1}`))
  // Each repository was made by one of them.
  const callsOfLinks = (await bench.takeCalls()).length - REPOS
  const tasks = await tasksOf(challenges, TASKS)
  const ms = await time(() => Promise.all(tasks.map(assign)))
  const calls = (await bench.takeCalls()).length
  const ideal = calls * LATENCY_MS / AT_ONCE
  return [
    { name: `${TASKS} tasks assigned across ${REPOS} repositories, ${LATENCY_MS} ms a call`, value: ms / 1000, unit: 's' },
    { name: 'the ideal: calls × latency ÷ what GitHub takes at once', value: ideal / 1000, unit: 's', note: `${calls} calls, ${AT_ONCE} at once` },
    { name: 'calls for the branch of a task', value: calls / TASKS, unit: 'calls', aim: 2 },
    { name: 'calls for the branch of a challenge', value: callsOfLinks / REPOS, unit: 'calls', aim: 2 },
  ]
}
