import { z } from 'zod'

/** What a demonstration is started with. */
export const Input = z.strictObject({
  /** The name of its repository. */
  name: z.string().regex(/^[a-z][a-z\d-]{2,40}$/),
  /** Seconds that its long step takes. */
  seconds: z.number().min(0).max(120),
})
export type Input = z.infer<typeof Input>

/** What a person answers. */
export interface Approval { purpose: string }
