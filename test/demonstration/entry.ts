import { z } from 'zod'
import type { WorkflowConfig } from '../../workflows.config'
import { Input } from './types'

/** The lease of the long step: far shorter than the step may take, so that only renewals keep its owner. */
export const LEASE_MS = 10_000

const repository = { service: 'GITHUB', count: 1 } as const

/** A workflow with everything that the engine offers, which no other file of the product knows. */
export const demonstration: WorkflowConfig = {
  title: 'Demonstrate the engine',
  description: 'Creates a repository, works for a long time, waits for an approval and protects the repository.',
  module: 'test/demonstration/workflow',
  subject: 'demonstration',
  retry: { attempts: 3, baseMs: 5_000, factor: 2 },
  concurrency: { policy: 'replace', group: 'demonstration' },
  rollback: 'rollback-demonstration',
  input: Input,
  waits: {
    approval: {
      title: 'Approval',
      message: 'The demonstration waits for an approval.',
      why: 'A person has to say what the repository is for.',
      fix: 'Name its purpose and approve it.',
      answer: z.strictObject({ purpose: z.string().min(3).max(80).meta({ title: 'Purpose', description: 'At least three characters.' }) }),
    },
  },
  triggers: ['POST /api/demonstrations'],
  steps: [
    { name: 'CREATE_DEMO_REPO', title: 'Repository', creates: repository },
    { name: 'WORK_LONG', title: 'Long work', leaseMs: LEASE_MS, timeoutMs: 180_000 },
    { name: 'PROTECT_DEMO_REPO', title: 'Protection', afterWait: true },
  ],
}

/** Removes what a cancelled demonstration created. */
export const rollbackDemonstration: WorkflowConfig = {
  title: 'Roll a demonstration back',
  description: 'Removes the repository of a cancelled demonstration.',
  module: 'test/demonstration/rollback',
  subject: 'demonstration',
  retry: { attempts: 3, baseMs: 5_000, factor: 2 },
  concurrency: { policy: 'reject', group: 'demonstration' },
  triggers: ['POST /api/runs/:id/cancel'],
  steps: [
    { name: 'AWAIT_DEMO_CALLS', title: 'Last calls' },
    { name: 'REMOVE_DEMO_REPO', title: 'Repository removed', removes: 'REPO' },
  ],
}
