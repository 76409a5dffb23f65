import { z } from 'zod'

/** What became of a tick of a schedule. */
export const ScheduledStart = z.object({
  workflow: z.string(),
  tick: z.iso.datetime().meta({ description: 'The last time at which it was due.' }),
  state: z.enum(['started', 'done', 'busy']).meta({ description: '`done`: it was started for this tick before; `busy`: an earlier run is still under way.' }),
}).meta({ id: 'ScheduledStart' })

export const ScheduledWorkflow = z.object({ workflow: z.string().regex(/^[a-z-]{1,64}$/, { error: 'It is no name of a workflow, `prune`.' }) })
