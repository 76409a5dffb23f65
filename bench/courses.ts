import type { Bench } from './lib/atelier.ts'
import { makeBare } from './lib/bare-client.ts'
import { type Figure, median, percentile, time } from './lib/figures.ts'

const GROUPS = 30
const LATENCY_MS = 100
const ROUNDS = 3

const laboratory = (name: string) => ({ name, semester: 'bench', type: 'LABORATORY', labGroups: Array.from({ length: GROUPS }, (_, index) => ({ name: `Group ${index + 1}`, number: index + 1 })) })
const lecture = (name: string) => ({ name, semester: 'bench', type: 'LECTURE' })

const create = async (bench: Bench, course: unknown) => {
  const { run } = await bench.post('/api/courses', course)
  await bench.finished(run.id)
}

/** A laboratory of thirty groups, in turns with the bare client that makes the same. */
export async function benchLaboratory(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await create(bench, laboratory('Warm up'))
  await makeBare(bench.launched.emulators!, 'bare-warm-up', GROUPS)
  await bench.latency(LATENCY_MS)
  const ours: number[] = []
  const bare: number[] = []
  let calls: { operation: string }[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    bare.push(await time(() => makeBare(bench.launched.emulators!, `bare-${round}`, GROUPS)))
    await bench.takeCalls()
    ours.push(await time(() => create(bench, laboratory(`Laboratory ${round}`))))
    calls = await bench.takeCalls()
  }
  const github = calls.filter(({ operation }) => operation.includes('/')).length
  const perGroup = calls.filter(({ operation }) => ['create_guild_role', 'create_guild_channel'].includes(operation)).length - 1
  const shared = calls.length - github - perGroup
  return [
    { name: `laboratory of ${GROUPS} groups, ${LATENCY_MS} ms a call`, value: median(ours) / 1000, unit: 's', note: `rounds: ${ours.map(ms => (ms / 1000).toFixed(2)).join(', ')}` },
    { name: 'the same by the bare parallel client', value: median(bare) / 1000, unit: 's', note: `rounds: ${bare.map(ms => (ms / 1000).toFixed(2)).join(', ')}` },
    { name: 'ratio of the two', value: median(ours.map((ms, round) => ms / bare[round]!)), unit: '×', aim: 1.5 },
    { name: 'GitHub calls a group', value: github / GROUPS, unit: 'calls', aim: 6 },
    { name: 'Discord calls a group', value: perGroup / GROUPS, unit: 'calls', aim: 2, note: `and ${shared} for the whole course` },
  ]
}

/** Twenty lectures at the same moment. */
export async function benchLectures(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(LATENCY_MS)
  const ms = await time(() => Promise.all(Array.from({ length: 20 }, (_, index) => create(bench, lecture(`Lecture ${index + 1}`)))))
  return [{ name: `twenty lectures at once, ${LATENCY_MS} ms a call`, value: ms / 1000, unit: 's', aim: 4 }]
}

/** How long a POST takes while twenty courses run. */
export async function benchPost(bench: Bench): Promise<Figure[]> {
  await bench.reset()
  await bench.latency(0)
  const waits: number[] = []
  const running: Promise<void>[] = []
  // Each new course is one of the twenty that run while the next is created.
  for (let n = 1; n <= 80; n++) {
    if (running.length >= 20) await running.shift()
    let runId = ''
    waits.push(await time(async () => {
      runId = (await bench.post('/api/courses', lecture(`Under load ${n}`))).run.id
    }))
    const finished = bench.finished(runId)
    // Looked at in its turn; until then a failure must not end the process before everything is stopped.
    finished.catch(() => {})
    running.push(finished)
  }
  await Promise.all(running)
  return [
    { name: 'POST /api/courses while 20 courses run, p50', value: percentile(waits, 50), unit: 'ms' },
    { name: 'POST /api/courses while 20 courses run, p95', value: percentile(waits, 95), unit: 'ms', aim: 60 },
  ]
}
