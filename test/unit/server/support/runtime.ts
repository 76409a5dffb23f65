import { createWorld } from '@workflow/world-postgres'
import { Pool } from 'pg'
import { beforeAll, beforeEach } from 'vitest'
import { setWorld } from 'workflow/runtime'
import { startExecution } from '../../../../server/engine/runtime/adapter.ts'
import { claimRunRow } from '../../../../server/engine/queries/runs.ts'
import type { RunRef } from '../../../../server/ledger/index.ts'
import { useStack } from '../../../support/stack.ts'
import { sql } from './database.ts'

/** A job that the engine or the runtime asked for. */
export interface Job { queue: string, message: object }

/** The jobs of the test in progress, oldest first. */
export const jobs: Job[] = []

let world: ReturnType<typeof createWorld> | undefined

/** The workflow runtime on the database of the file, to be used after `useDatabase`: it stores everything, but nothing takes its jobs. */
export function useRuntime(): void {
  const stack = useStack()
  beforeAll(() => {
    const pool = stack.adopt(new Pool({ connectionString: process.env.DATABASE_URL, max: 4 }), opened => opened.end())
    world = stack.adopt(createWorld({ pool, queueConcurrency: 1 }), made => made.close!())
    setWorld({
      ...world,
      queue: (queue, message) => {
        jobs.push({ queue, message })
        return Promise.resolve({ messageId: null })
      },
    })
    stack.defer(() => setWorld(undefined))
  })
  beforeEach(() => void jobs.splice(0))
}

const specVersion = () => world!.specVersion!

/** Has an execution of the runtime claim a run. @returns the execution's id */
export async function execute({ runId, workflow }: Pick<RunRef, 'runId' | 'workflow'>): Promise<string> {
  const before = jobs.length
  await startExecution(workflow, runId)
  const { runId: executionId } = jobs.splice(before)[0]!.message as { runId: string }
  await world!.events.create(executionId, { eventType: 'run_started', specVersion: specVersion() })
  if (!await claimRunRow(runId, executionId)) throw new Error(`The run ${runId} could not be claimed.`)
  return executionId
}

/** Has an execution wait under a token, as a workflow does that awaits a hook. */
export async function awaitHook(executionId: string, token: string): Promise<void> {
  await world!.events.create(executionId, {
    eventType: 'hook_created', correlationId: `hook_${token}`, specVersion: specVersion(), eventData: { token },
  })
}

/** How often what waits under a token was resumed. */
export async function countResumed(token: string): Promise<number> {
  const events = await sql`
    select from workflow.workflow_events where type = 'hook_received' and correlation_id = ${`hook_${token}`}`
  return events.length
}

/** The state of an execution in the runtime. */
export async function executionState(executionId: string): Promise<string> {
  const [row] = await sql`select status from workflow.workflow_runs where id = ${executionId}`
  return row!.status as string
}
