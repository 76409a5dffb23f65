import { z } from 'zod'

/** One part of the server. A `degraded` part is named, but the answer is still 200. */
export const HealthPart = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  detail: z.string(),
  fix: z.string().optional(),
}).meta({ id: 'HealthPart' })

/** What anybody may know: whether requests are answered. */
export const HealthSummary = z.object({ status: z.enum(['up', 'down']) }).meta({ id: 'HealthSummary' })
export type HealthSummary = z.infer<typeof HealthSummary>

/** What a caller with a key or a session sees. */
export const Health = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  version: z.string(),
  uptimeSeconds: z.int(),
  parts: z.object({
    database: HealthPart,
    runtime: HealthPart,
    watchdog: HealthPart,
    /** How far the wall clock of this process is from the database's. */
    clock: HealthPart,
    disk: HealthPart,
    github: HealthPart,
    discord: HealthPart,
    huggingface: HealthPart,
    figma: HealthPart,
    kv: HealthPart,
    sandbox: HealthPart,
  }),
}).meta({ id: 'Health' })
export type Health = z.infer<typeof Health>
