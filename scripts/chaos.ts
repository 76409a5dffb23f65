import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { planChaos } from './chaos/plan.ts'
import { describe } from './chaos/report.ts'
import { runChaos } from './chaos/run.ts'
import { build } from './lib/build.ts'
import { runCommand } from './lib/command.ts'
import { LaunchError, messageOf } from './lib/errors.ts'

const usage = `npm run chaos -- [options]
  --minutes N     duration of the fault injection (default 2)
  --processes N   server processes on one PostgreSQL (default 3)
  --seed N        repeat the plan of an earlier chaos test (default random)
  --json          print the report as one JSON object on the last line`

const MIN_MINUTES = 0.2
const MAX_MINUTES = 24 * 60
const MAX_PROCESSES = 20
const SETTLE_MS = 60_000

interface Options { minutes: number, processes: number, seed: number, json: boolean, help: boolean }

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '2' },
        processes: { type: 'string', default: '3' },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const [minutes, processes] = [Number(values.minutes), Number(values.processes)]
    const seed = Number(values.seed ?? randomInt(2 ** 31))
    if (!(minutes >= MIN_MINUTES && minutes <= MAX_MINUTES)) {
      throw new LaunchError(`--minutes must be a number from ${MIN_MINUTES} to ${MAX_MINUTES}.`)
    }
    if (!(Number.isInteger(processes) && processes >= 1 && processes <= MAX_PROCESSES)) {
      throw new LaunchError(`--processes must be a whole number from 1 to ${MAX_PROCESSES}.`)
    }
    if (!Number.isInteger(seed)) throw new LaunchError('--seed must be a whole number.')
    return { minutes, processes, seed, json: values.json, help: values.help }
  }
  catch (error) {
    throw new LaunchError(`${messageOf(error)}\n${usage}`)
  }
}

/** Runs a workload under fault injection. At the end no resource may be lost, doubled or wrong. @returns the exit code */
async function chaos(stack: AsyncDisposableStack, { minutes, processes, seed, json }: Options): Promise<number> {
  const plan = planChaos({ seed, durationMs: minutes * 60_000, processes })
  const size = `${plan.workload.length} scenarios, ${plan.faults.length} faults`
  console.log(`Chaos test: ${minutes} min, ${processes} processes, ${size}. Repeat its plan with --seed ${seed}`)
  const aborted = new AbortController()
  stack.defer(() => aborted.abort())
  await build(console.log, aborted.signal)
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-chaos-'))
  let isKept = false
  stack.defer(() => isKept ? console.log(`Logs and data are in ${dataDir}`) : rm(dataDir, { recursive: true, force: true }))
  const start = performance.now()
  const log = (line: string) => console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${line}`)
  const report = await runChaos(plan, { dataDir, settleMs: SETTLE_MS, log }, stack)
  isKept = !report.ok
  for (const line of describe(report)) console.log(line)
  if (json) console.log(JSON.stringify(report))
  return report.ok ? 0 : 1
}

await runCommand(async (stack) => {
  const options = readOptions()
  if (!options.help) return chaos(stack, options)
  console.log(usage)
  return 0
})
