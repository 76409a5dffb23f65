import { randomUUID } from 'node:crypto'
import { registerWorkflow } from '../../../../server/lib/workflow-configs.ts'
import type { StepConfig, WorkflowConfig } from '../../../../workflows.config.ts'

type Some = Partial<Omit<WorkflowConfig, 'steps'>> & { steps?: readonly (Partial<StepConfig> & { name: string })[] }

/** Registers a workflow that exists only in tests; absent: with one step, `WORK`. @returns its name */
export function newWorkflow({ steps = [{ name: 'WORK' }], ...config }: Some = {}): string {
  const name = `made-up-${randomUUID()}`
  registerWorkflow(name, {
    title: 'Made up',
    description: 'Exists only in a test.',
    subject: 'made-up',
    retry: { attempts: 5, baseMs: 5_000, factor: 2 },
    concurrency: { policy: 'reject' },
    triggers: [],
    ...config,
    steps: steps.map(step => ({ title: step.name, ...step })),
  })
  return name
}
