import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../database.ts'
import type { Recovery } from '../recovery.ts'
import type { ServerProcess } from '../server-process.ts'
import type { InfrastructureFault } from './infrastructure.ts'

/** Counters of the injected faults. */
export interface InjectedFaults {
  kills: number
  /** Processes that were stopped with SIGSTOP, and their time in total. */
  freezes: number
  frozenMs: number
  terminations: number
  outages: number
  outageMs: number
  droppedConnections: number
  /** Times at which every process got another clock. */
  skews: number
  /** Processes that needed SIGKILL 25 s after SIGTERM. */
  lateStops: number
  slowestStopMs: number
}

/** A kill waits at most this long until its process holds a lease. */
const MAX_WAIT_FOR_LEASE_MS = 3_000

interface InjectorOptions {
  processes: ServerProcess[]
  database: Database
  recovery: Recovery
  log: (line: string) => void
}

/** Injects faults into processes and PostgreSQL. Each injection resolves when its target is up again. */
export function createInjector({ processes, database, recovery, log }: InjectorOptions) {
  const counts: InjectedFaults = {
    kills: 0,
    freezes: 0,
    frozenMs: 0,
    terminations: 0,
    outages: 0,
    outageMs: 0,
    droppedConnections: 0,
    skews: 0,
    lateStops: 0,
    slowestStopMs: 0,
  }
  let isRolling = false

  /** The process with this index, or the next live one. */
  const findAlive = (index: number) =>
    processes.map((_, offset) => processes[(index + offset) % processes.length]!).find(process => process.isAlive())

  const alive = () => processes.filter(process => process.isAlive())

  async function kill(victims: ServerProcess[], downMs: number, { waitForLease }: { waitForLease: boolean }): Promise<void> {
    const leases = async () => (await Promise.all(victims.map(({ name }) => recovery.leasesOf(name)))).flat()
    let held = await leases().catch(() => [])
    for (const deadline = Date.now() + MAX_WAIT_FOR_LEASE_MS; waitForLease && !held.length && Date.now() < deadline;) {
      await wait(20)
      held = await leases().catch(() => [])
    }
    await Promise.all(victims.map(victim => victim.kill()))
    counts.kills += victims.length
    // A frozen process keeps other work of the same run until its leases lapse.
    const canRecover = processes.some(process => process.isReady()) && !processes.some(process => process.isFrozen())
    if (canRecover && database.isUp()) recovery.recordKill(held)
    else recovery.discard()
    await wait(downMs)
    await Promise.all(victims.map(victim => victim.start()))
  }

  async function freeze(victim: ServerProcess | undefined, downMs: number): Promise<void> {
    const awake = alive().filter(process => !process.isFrozen())
    // One that could take over stays awake, unless there is only one process.
    if (!victim || victim.isFrozen() || (processes.length > 1 && awake.length < 2)) return
    // A process that is to stop in time must be able to run.
    if (isRolling) return
    counts.freezes++
    counts.frozenMs += downMs
    // What it has taken over stays with it until its leases lapse.
    recovery.discard()
    await victim.freeze(downMs)
  }

  async function restartAll(): Promise<void> {
    if (isRolling) return
    isRolling = true
    for (const process of processes) {
      // A frozen process does not hear SIGTERM.
      if (!process.isAlive() || process.isFrozen()) continue
      const stopMs = await process.stop()
      counts.terminations++
      if (stopMs === undefined) counts.lateStops++
      else counts.slowestStopMs = Math.max(counts.slowestStopMs, Math.round(stopMs))
      await process.start()
    }
    isRolling = false
  }

  async function outage(how: 'fast' | 'crash', downMs: number): Promise<void> {
    if (!database.isUp()) return
    const start = performance.now()
    counts.outages++
    recovery.discard()
    await database.stop(how)
    await wait(downMs)
    await database.start()
    counts.outageMs += Math.round(performance.now() - start)
  }

  const injections: Record<InfrastructureFault['kind'], (fault: InfrastructureFault) => Promise<void>> = {
    'kill': ({ process, downMs }) => {
      const victim = findAlive(process)
      return kill(victim && alive().length > 1 ? [victim] : [], downMs, { waitForLease: true })
    },
    'kill all but one': ({ process, downMs }) => {
      const survivor = findAlive(process)
      return kill(alive().filter(other => other !== survivor), downMs, { waitForLease: true })
    },
    'kill all': ({ downMs }) => kill(alive(), downMs, { waitForLease: false }),
    'freeze': ({ process, downMs }) => freeze(findAlive(process), downMs),
    'rolling restart': restartAll,
    'restart database': () => outage('fast', 0),
    'stop database': ({ downMs }) => outage('fast', downMs),
    'kill database': ({ downMs }) => outage('crash', downMs),
    'long database outage': ({ downMs }) => outage('fast', downMs),
    'drop connections': async ({ process }) => {
      const victim = findAlive(process)
      if (!victim || !database.isUp()) return
      counts.droppedConnections += await database.dropConnections(victim.name).catch(() => 0)
    },
    'skew clocks': async ({ skews }) => {
      const clocks = processes.flatMap(({ clock }, index) => clock ? [clock.set(skews?.[index] ?? 0)] : [])
      await Promise.all(clocks)
      if (clocks.length) counts.skews++
    },
  }

  return {
    counts,
    async inject(fault: InfrastructureFault): Promise<void> {
      const { kind, process, downMs } = fault
      const target = kind === 'kill' || kind === 'freeze' || kind === 'drop connections' ? ` ${findAlive(process)?.name ?? ''}` : ''
      const duration = downMs ? ` for ${(downMs / 1000).toFixed(1)} s` : ''
      const skews = fault.skews ? ` by ${fault.skews.join(', ')} s` : ''
      log(`${kind}${target}${duration}${skews}`)
      await injections[kind](fault)
    },
  }
}
