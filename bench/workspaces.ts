import type { Bench } from './lib/bench.ts'
import { linkChallenges } from './lib/challenges.ts'
import { type Figure, time } from './lib/figures.ts'
import { watchRuns } from './lib/watch-runs.ts'

const TASKS = 100
const WARM_UP_TASKS = 10
const REPOS = 5
const LATENCY_MS = 100
/**
 * GitHub's limit of concurrent requests with one token.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
const MAX_CONCURRENCY = 100

interface Assigned { provisioning: { status: string, workspace: { run: { id: string } } }[] }

/** Assigns a hundred tasks of five challenges at once. Each challenge is linked to its own repository. */
export async function benchWorkspaces(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await using runs = await watchRuns(bench)
  const contributor = { full_name: 'Bench', github_username: `bench-${Date.now()}` }
  const { uuid: userId } = await bench.send<{ uuid: string }>('POST', '/api/contributors', contributor)
  const assign = async (task: string) => {
    const { provisioning } = await bench.send<Assigned>('POST', `/api/tasks/${task}/assign`, { userId })
    await runs.waitFor(provisioning.map(({ workspace }) => workspace.run.id))
  }

  const warmUp = await createTasks(bench, await linkChallenges(bench, ['warm-up']), WARM_UP_TASKS)
  await Promise.all(warmUp.map(assign))
  await bench.latency(LATENCY_MS)
  await bench.drainCalls()
  const challenges = await linkChallenges(bench, Array.from({ length: REPOS }, (_, n) => `bench-repo-${n + 1}`))
  // Each repository took one call of the benchmark itself.
  const linkCalls = (await bench.drainCalls()).length - REPOS
  const tasks = await createTasks(bench, challenges, TASKS)
  const ms = await time(() => Promise.all(tasks.map(assign)))
  const calls = (await bench.drainCalls()).length
  const idealMs = calls * LATENCY_MS / MAX_CONCURRENCY
  return [
    { name: `${TASKS} tasks assigned across ${REPOS} repositories, ${LATENCY_MS} ms a call`, value: ms / 1000, unit: 's' },
    {
      name: 'the ideal: calls × latency ÷ GitHub\'s limit of concurrent requests',
      value: idealMs / 1000,
      unit: 's',
      note: `${calls} calls, ${MAX_CONCURRENCY} at once`,
    },
    { name: 'calls for the branch of a task', value: calls / TASKS, unit: 'calls', target: 2 },
    { name: 'calls for the branch of a challenge', value: linkCalls / REPOS, unit: 'calls', target: 2 },
  ]
}

/** Creates tasks, distributed over the challenges. @returns their ids */
function createTasks(bench: Bench, challenges: { challengeId: string }[], count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async (_, n) => {
    const task = { title: `Task ${n}`, challenge_id: challenges[n % challenges.length]!.challengeId }
    return (await bench.send<{ uuid: string }>('POST', '/api/tasks', task)).uuid
  }))
}
