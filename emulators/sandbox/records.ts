import type { Limits } from './usage.ts'
import type { NetworkPolicy } from './policy.ts'

export type Status = 'running' | 'stopped' | 'failed'

/** One start of a sandbox, until it is stopped. Times are in ms. */
export interface SessionRecord {
  id: string
  sandbox: string
  status: Status
  runtime: string
  timeout: number
  vcpus: number
  memory: number
  networkPolicy: NetworkPolicy
  sourceSnapshotId?: string
  createdAt: number
  updatedAt: number
  stoppedAt?: number
  snapshottedAt?: number
}

export interface SandboxRecord {
  name: string
  persistent: boolean
  runtime: string
  timeout: number
  vcpus: number
  memory: number
  networkPolicy: NetworkPolicy
  /** Variables of all its commands. */
  env: Record<string, string>
  tags?: Record<string, string>
  snapshotExpiration?: number
  currentSessionId: string
  currentSnapshotId?: string
  createdAt: number
  updatedAt: number
}

export interface SnapshotRecord {
  id: string
  sandbox: string
  sourceSessionId: string
  status: 'created' | 'deleted'
  sizeBytes: number
  createdAt: number
  updatedAt: number
  expiresAt?: number
}

export interface Settings { limits: Limits }

/** What runs in a session. It ends with the emulator, and so does the record of it. */
export interface CommandRecord {
  id: string
  sessionId: string
  name: string
  args: string[]
  cwd: string
  startedAt: number
  exitCode: number | null
  durationMs?: number
}
