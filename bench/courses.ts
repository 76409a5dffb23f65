import { createCourseDirectly } from './lib/baseline.ts'
import type { Bench } from './lib/bench.ts'
import { type Figure, formatSeconds, median, percentile, time } from './lib/figures.ts'

const GROUPS = 30
const LATENCY_MS = 100
const ROUNDS = 3
export const LECTURES = 20
const CONCURRENT_COURSES = 20
const COURSES_UNDER_LOAD = 80

const laboratory = (name: string) => ({
  name,
  semester: 'bench',
  type: 'LABORATORY',
  labGroups: Array.from({ length: GROUPS }, (_, index) => ({ name: `Group ${index + 1}`, number: index + 1 })),
})
/** A name that was given before would cost a search for a free one. */
let series = 0
const lecture = (name: string) => ({ name, semester: 'bench', type: 'LECTURE' })

const provision = async (bench: Bench, course: unknown) => {
  const { run } = await bench.post('/api/courses', course)
  await bench.waitForRun(run.id)
}

/** Measures a laboratory course of thirty groups against the baseline, in alternating rounds. */
export async function benchLaboratory(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  const emulators = bench.launched.emulators!
  await provision(bench, laboratory('Warm up'))
  await createCourseDirectly(emulators, 'baseline-warm-up', GROUPS)
  await bench.latency(LATENCY_MS)
  const atelier: number[] = []
  const baseline: number[] = []
  let calls: { operation: string }[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    baseline.push(await time(() => createCourseDirectly(emulators, `baseline-${round}`, GROUPS)))
    await bench.drainCalls()
    atelier.push(await time(() => provision(bench, laboratory(`Laboratory ${round}`))))
    calls = await bench.drainCalls()
  }
  const ratios = atelier.map((ms, round) => ms / baseline[round]!)
  const rounds = (times: number[]) => `rounds: ${times.map(formatSeconds).join(', ')}`
  return [
    {
      name: `laboratory of ${GROUPS} groups, ${LATENCY_MS} ms a call`,
      value: median(atelier) / 1000,
      unit: 's',
      note: rounds(atelier),
    },
    {
      name: 'baseline: a parallel client without workflow and database',
      value: median(baseline) / 1000,
      unit: 's',
      note: rounds(baseline),
    },
    { name: 'ratio of the two', value: median(ratios), unit: '×', target: 1.5 },
    ...callFigures(calls),
  ]
}

function callFigures(calls: { operation: string }[]): Figure[] {
  const github = calls.filter(({ operation }) => operation.includes('/')).length
  const groupOperations = ['create_guild_role', 'create_guild_channel']
  // One of the channels is the course's category.
  const discord = calls.filter(({ operation }) => groupOperations.includes(operation)).length - 1
  const shared = calls.length - github - discord
  return [
    { name: 'GitHub calls a group', value: github / GROUPS, unit: 'calls', target: 6 },
    {
      name: 'Discord calls a group',
      value: discord / GROUPS,
      unit: 'calls',
      target: 2,
      note: `and ${shared} for the whole course`,
    },
  ]
}

/** Provisions twenty lectures at once. */
export async function provisionLectures(bench: Bench, name: string): Promise<void> {
  series++
  const lectures = Array.from({ length: LECTURES }, (_, index) => lecture(`${name} ${series} ${index + 1}`))
  await Promise.all(lectures.map(course => provision(bench, course)))
}

/** Measures twenty concurrent lectures. */
export async function benchLectures(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(LATENCY_MS)
  const ms = await time(() => provisionLectures(bench, 'Lecture'))
  return [{ name: `twenty lectures at once, ${LATENCY_MS} ms a call`, value: ms / 1000, unit: 's', target: 4 }]
}

/** Measures the latency of a POST while twenty courses run. */
export async function benchPost(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(0)
  series++
  const latencies: number[] = []
  const active: Promise<void>[] = []
  for (let n = 1; n <= COURSES_UNDER_LOAD; n++) {
    if (active.length >= CONCURRENT_COURSES) await active.shift()
    let runId = ''
    latencies.push(await time(async () => {
      runId = (await bench.post('/api/courses', lecture(`Under load ${series} ${n}`))).run.id
    }))
    const run = bench.waitForRun(runId)
    // The loop awaits it later. Until then its rejection must not end the process.
    run.catch(() => {})
    active.push(run)
  }
  await Promise.all(active)
  return [
    { name: 'POST /api/courses while 20 courses run, p50', value: percentile(latencies, 50), unit: 'ms' },
    { name: 'POST /api/courses while 20 courses run, p95', value: percentile(latencies, 95), unit: 'ms', target: 60 },
  ]
}
