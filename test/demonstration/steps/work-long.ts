import { appendFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt, retryWhenDue, type RunRef } from '../../../server/ledger'
import { UNLIMITED_RETRIES } from '../../../server/ledger/unlimited-retries'
import type { Input } from '../types'

/** Works as long as the input says, and records who began and who finished. */
export async function workLong(run: RunRef): Promise<void> {
  'use step'
  const { seconds } = run.input as Input
  retryWhenDue([await attempt(run, 'WORK_LONG', 'main', async ({ signal }) => {
    await record(`begin ${run.runId} ${process.pid}`)
    await sleep(seconds * 1_000, undefined, { signal })
    await record(`end ${run.runId} ${process.pid}`)
  })])
}
workLong.maxRetries = UNLIMITED_RETRIES

const record = (line: string) => appendFile(process.env.DEMONSTRATION_LOG!, `${line}\n`)
