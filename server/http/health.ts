import { version } from '../../package.json'
import { ping } from '../db/client'
import { wasDiskFull } from '../db/disk'
import { type DataFolderState, probeDataFolder } from '../lib/data-folder'
import { discordConfig, figmaConfig, githubConfig, githubOrg, huggingfaceConfig, kvConfig, sandboxConfig } from '../lib/env'
import { toFailure } from '../lib/errors'
import { failure } from '../lib/messages'
import type { Health } from '../../shared/schemas/health'
import type { Failure } from '../../shared/schemas/problem'
import { describeSkew, isSkewed } from '../engine/clock-skew'
import { clockSkewMs } from '../engine/runtime/process-clock'
import { runtimeState, type RuntimeState } from '../engine/runtime/state'
import { describeRepairs, sinceLastSweep } from '../engine/watchdog-metrics'

type Part = Health['parts']['database']

const DATABASE_TIMEOUT_MS = 2_000
/** Several rounds of the watchdog. */
const UNWATCHED_MS = 15_000

/**
 * The state of every part. The whole is `down` only without a part that every request needs. A service
 * without its credentials is `degraded`: work that needs it fails with a clear message.
 */
export async function examine(): Promise<Health> {
  const [databasePart, diskPart] = await Promise.all([database(), disk()])
  const parts = {
    database: databasePart,
    runtime: runtime(),
    watchdog: watchdog(),
    clock: clock(),
    disk: diskPart,
    github: configured(() => ({ ...githubConfig(), org: githubOrg() })),
    discord: configured(discordConfig),
    huggingface: optional(huggingfaceConfig),
    figma: optional(figmaConfig),
    kv: optional(kvConfig),
    sandbox: optional(sandboxConfig),
  }
  return { status: statusOf(parts), version, uptimeSeconds: Math.round(process.uptime()), parts }
}

function statusOf(parts: Health['parts']): Health['status'] {
  if (parts.database.status === 'down' || parts.runtime.status === 'down') return 'down'
  return Object.values(parts).every(({ status }) => status === 'up') ? 'up' : 'degraded'
}

async function database(): Promise<Part> {
  const start = performance.now()
  try {
    await Promise.race([
      ping(),
      new Promise((_, reject) => setTimeout(reject, DATABASE_TIMEOUT_MS, new Error('no answer')).unref()),
    ])
    if (wasDiskFull()) return failing('degraded', failure('DATABASE_CANNOT_WRITE'))
    return { status: 'up', detail: `PostgreSQL answered in ${Math.round(performance.now() - start)} ms.` }
  }
  catch {
    return failing('down', failure('DATABASE_SILENT'))
  }
}

const diskParts: Record<DataFolderState, Part> = {
  writable: { status: 'up', detail: 'The data folder takes files.' },
  absent: { status: 'up', detail: 'This server keeps no files.' },
  full: failing('degraded', failure('DATA_FOLDER_FULL')),
  refused: failing('degraded', failure('DATA_FOLDER_REFUSES')),
}

const disk = async (): Promise<Part> => diskParts[await probeDataFolder()]

const DOWN = failing('down', failure('RUNTIME_NOT_STARTED'))

const runtimeParts: Record<RuntimeState, Part> = {
  elsewhere: { status: 'up', detail: 'Vercel runs it.' },
  starting: DOWN,
  up: { status: 'up', detail: 'Accepts work.' },
  stopped: DOWN,
}

const runtime = (): Part => runtimeParts[runtimeState()]

function watchdog(): Part {
  if (runtimeState() === 'elsewhere') return { status: 'up', detail: 'Scheduled jobs do its work.' }
  return sinceLastSweep() < UNWATCHED_MS
    ? { status: 'up', detail: `Since this process started: ${describeRepairs()}.` }
    : failing('degraded', failure('WATCHDOG_SILENT'))
}

function clock(): Part {
  if (runtimeState() === 'elsewhere') return { status: 'up', detail: 'Not measured: Vercel keeps the clocks of its functions.' }
  const skewMs = clockSkewMs()
  if (skewMs === undefined) return { status: 'up', detail: 'Not measured yet: the database has not answered.' }
  const skew = describeSkew(skewMs)
  return isSkewed(skewMs)
    ? failing('degraded', failure('CLOCK_SKEWED', { skew }))
    : { status: 'up', detail: `The clock of this process is ${skew}.` }
}

/** A service that only some workspaces need: without its credentials it is not used, which is not an error. */
function optional(config: () => { apiUrl: string }): Part {
  const { status, detail, fix } = configured(config)
  return status === 'up' ? { status, detail } : { status: 'up', detail: `Not used: ${detail}`, fix }
}

function configured(config: () => { apiUrl: string }): Part {
  try {
    return { status: 'up', detail: `Configured for ${new URL(config().apiUrl).host}.` }
  }
  catch (error) {
    return failing('degraded', toFailure(error))
  }
}

/** A part that does not work. A function declaration, because constants above use it. */
function failing(status: 'down' | 'degraded', { message, fix }: Failure): Part {
  return { status, detail: message, fix }
}
