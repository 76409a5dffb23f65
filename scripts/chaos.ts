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
  --minutes N     how long there is trouble (default 2)
  --processes N   servers on one PostgreSQL (default 3)
  --seed N        repeat the plan of an earlier chaos; default by chance
  --json          print the figures as one JSON object as the last line`

function readOptions() {
  try {
    const { values } = parseArgs({ options: {
      minutes: { type: 'string', default: '2' }, processes: { type: 'string', default: '3' }, seed: { type: 'string' },
      json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
    } })
    const [minutes, processes, seed] = [Number(values.minutes), Number(values.processes), Number(values.seed ?? randomInt(2 ** 31))]
    if (!(minutes >= 0.2 && minutes <= 24 * 60)) throw new LaunchError('--minutes is a number from 0.2.')
    if (!(Number.isInteger(processes) && processes >= 1 && processes <= 20)) throw new LaunchError('--processes is a number from 1 to 20.')
    if (!Number.isInteger(seed)) throw new LaunchError('--seed is a whole number.')
    return { minutes, processes, seed, json: values.json, help: values.help }
  }
  catch (error) {
    throw new LaunchError(`${messageOf(error)}\n${usage}`)
  }
}

const SETTLE_MS = 60_000

/** Trouble for servers that work; at the end nothing may be lost, doubled or stranded. */
async function chaos(stack: AsyncDisposableStack, { minutes, processes, seed, json }: ReturnType<typeof readOptions>): Promise<number> {
  const plan = planChaos({ seed, durationMs: minutes * 60_000, processes })
  console.log(`Chaos of ${minutes} min on ${processes} processes: ${plan.orders.length} orders, ${plan.disturbances.length} blows. To repeat it: --seed ${seed}`)
  const aborted = new AbortController()
  stack.defer(() => aborted.abort())
  await build(console.log, aborted.signal)
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-chaos-'))
  let isKept = false
  stack.defer(() => isKept ? console.log(`The logs and all data are kept: ${dataDir}`) : rm(dataDir, { recursive: true, force: true }))
  const start = performance.now()
  const say = (line: string) => console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${line}`)
  const report = await runChaos(plan, { dataDir, settleMs: SETTLE_MS, say }, stack)
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
