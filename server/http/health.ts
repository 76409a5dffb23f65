import { version } from '../../package.json'
import { ping } from '../db/client'
import { discordConfig, figmaConfig, githubConfig, githubOrg, huggingfaceConfig } from '../lib/env'
import { toFailure } from '../lib/errors'
import { failure } from '../lib/messages'
import type { Health } from '../../shared/schemas/health'
import type { Failure } from '../../shared/schemas/problem'
import { runtimeState, type RuntimeState } from '../engine/runtime/state'
import { describeRepairs, sinceLastSweep } from '../engine/watchdog-metrics'

type Part = Health['parts']['database']

const DATABASE_PATIENCE_MS = 2_000
/** Several rounds of the watchdog. */
const UNWATCHED_MS = 15_000

/**
 * How every part is. Only what no request can do without makes the whole `down`; a service
 * without its credentials is `degraded`: what needs it fails, and says so.
 */
export async function examine(): Promise<Health> {
  const parts = { database: await database(), runtime: runtime(), watchdog: watchdog(), github: configured(() => ({ ...githubConfig(), org: githubOrg() })), discord: configured(discordConfig), huggingface: optional(huggingfaceConfig), figma: optional(figmaConfig) }
  const states = Object.values(parts).map(part => part.status)
  const status = parts.database.status === 'down' || parts.runtime.status === 'down' ? 'down' : states.every(state => state === 'up') ? 'up' : 'degraded'
  return { status, version, uptimeSeconds: Math.round(process.uptime()), parts }
}

async function database(): Promise<Part> {
  const start = performance.now()
  try {
    await Promise.race([
      ping(),
      new Promise((_, reject) => setTimeout(reject, DATABASE_PATIENCE_MS, new Error('no answer')).unref()),
    ])
    return { status: 'up', detail: `PostgreSQL answered in ${Math.round(performance.now() - start)} ms.` }
  }
  catch {
    return failing('down', failure('DATABASE_SILENT'))
  }
}

const DOWN = failing('down', failure('RUNTIME_NOT_STARTED'))

const runtimeParts: Record<RuntimeState, Part> = {
  elsewhere: { status: 'up', detail: 'Vercel carries it.' },
  starting: DOWN,
  up: { status: 'up', detail: 'Takes work.' },
  stopped: DOWN,
}

const runtime = (): Part => runtimeParts[runtimeState()]

function watchdog(): Part {
  if (runtimeState() === 'elsewhere') return { status: 'up', detail: 'The scheduled jobs do its work.' }
  return sinceLastSweep() < UNWATCHED_MS
    ? { status: 'up', detail: `Since this process started: ${describeRepairs()}.` }
    : failing('degraded', failure('WATCHDOG_SILENT'))
}

/** A service that only some workspaces need: without its credentials it is not used, and nothing is wrong. */
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

/** A part that does not work as it should. Declared as a function, as constants above use it. */
function failing(status: 'down' | 'degraded', { message, fix }: Failure): Part {
  return { status, detail: message, fix }
}
