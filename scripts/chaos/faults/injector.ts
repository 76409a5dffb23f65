import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'
import type { Disturbance } from './disturbances.ts'
import type { Process } from './fleet.ts'
import type { Recovery } from './recovery.ts'

/** What was done, counted. */
export interface Blows {
  kills: number
  terminations: number
  outages: number
  outageMs: number
  droppedConnections: number
  /** Processes that had to be killed 25 s after SIGTERM. */
  lateStops: number
  slowestStopMs: number
}

/** A kill waits for its victim to be at work, but not for long. */
const AT_WORK_MS = 3_000

interface Scene { fleet: Process[], database: Database, recovery: Recovery, say: (line: string) => void }

/** Gives blows to processes and to PostgreSQL; each resolves when what it hit is back. */
export function createDisturber({ fleet, database, recovery, say }: Scene) {
  const blows: Blows = { kills: 0, terminations: 0, outages: 0, outageMs: 0, droppedConnections: 0, lateStops: 0, slowestStopMs: 0 }

  let isRolling = false

  /** The process of that number, or the next that lives. */
  const living = (number: number) => fleet.map((_, offset) => fleet[(number + offset) % fleet.length]!).find(process => process.lives())

  async function kill(victims: Process[], downMs: number, isAwaited: boolean): Promise<void> {
    const held = async () => (await Promise.all(victims.map(({ name }) => recovery.held(name)))).flat()
    let orphans = await held().catch(() => [])
    for (const deadline = Date.now() + AT_WORK_MS; isAwaited && !orphans.length && Date.now() < deadline; orphans = await held().catch(() => [])) await wait(20)
    await Promise.all(victims.map(victim => victim.kill()))
    blows.kills += victims.length
    if (fleet.some(process => process.isUp()) && database.isUp()) recovery.killed(orphans)
    else recovery.forget()
    await wait(downMs)
    await Promise.all(victims.map(victim => victim.start()))
  }

  async function roll(): Promise<void> {
    if (isRolling) return
    isRolling = true
    for (const process of fleet) {
      if (!process.lives()) continue
      const took = await process.stop()
      blows.terminations++
      if (took === undefined) blows.lateStops++
      else blows.slowestStopMs = Math.max(blows.slowestStopMs, Math.round(took))
      await process.start()
    }
    isRolling = false
  }

  async function outage(how: 'fast' | 'crash', downMs: number): Promise<void> {
    if (!database.isUp()) return
    const start = performance.now()
    blows.outages++
    recovery.forget()
    await database.stop(how)
    await wait(downMs)
    await database.start()
    blows.outageMs += Math.round(performance.now() - start)
  }

  const acts: Record<Disturbance['kind'], (disturbance: Disturbance) => Promise<void>> = {
    'kill': ({ process, downMs }) => {
      const victim = living(process)
      return kill(victim && fleet.filter(other => other.lives()).length > 1 ? [victim] : [], downMs, true)
    },
    'kill all but one': ({ process, downMs }) => {
      const spared = living(process)
      return kill(fleet.filter(other => other.lives() && other !== spared), downMs, true)
    },
    'kill all': ({ downMs }) => kill(fleet.filter(other => other.lives()), downMs, false),
    'roll': roll,
    'restart database': () => outage('fast', 0),
    'stop database': ({ downMs }) => outage('fast', downMs),
    'kill database': ({ downMs }) => outage('crash', downMs),
    'stop database for long': ({ downMs }) => outage('fast', downMs),
    'drop connections': async ({ process }) => {
      const victim = living(process)
      if (victim && database.isUp()) blows.droppedConnections += await database.dropConnections(victim.name).catch(() => 0)
    },
  }

  return {
    blows,
    async disturb(disturbance: Disturbance): Promise<void> {
      const { kind, process, downMs } = disturbance
      const names = { who: /^(kill|drop connections)$/.test(kind) ? ` ${living(process)?.name ?? ''}` : '', long: downMs ? ` for ${(downMs / 1000).toFixed(1)} s` : '' }
      say(`${kind}${names.who}${names.long}`)
      await acts[kind](disturbance)
    },
  }
}
