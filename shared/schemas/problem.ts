import { z } from 'zod'

/** One field of a refused request: where it is, what is wrong with it and how to fix it. */
export const FieldError = z.object({
  field: z.string().meta({ description: 'Path of the field, `labGroups.1.number`; empty for the body as a whole.' }),
  message: z.string(),
  fix: z.string(),
}).meta({ id: 'FieldError' })

/** The name of an error of a provider, where it has one. */
const errorName = z.string().optional().meta({ example: 'ProviderAuthenticationError' })

/**
 * Every error answer, `application/problem+json` (RFC 9457) with the three parts that a
 * person needs: what happened (`detail`), why, and what to do (`fix`).
 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().meta({ description: 'Stable word for programs, `VALIDATION_FAILED`.' }),
  name: errorName,
  why: z.string(),
  fix: z.string(),
  errors: z.array(FieldError).optional(),
  requestId: z.string().optional()
    .meta({ description: 'The `x-request-id` of the answer: by it the operator finds the request in the log.' }),
}).meta({ id: 'Problem' })

export type Problem = z.infer<typeof Problem>
export type FieldError = z.infer<typeof FieldError>

/** A failure as it is stored and shown: what happened, why, and what to do. */
export const Failure = z.object({
  name: errorName,
  code: z.string(),
  message: z.string(),
  why: z.string(),
  fix: z.string(),
}).meta({ id: 'Failure' })

export type Failure = z.infer<typeof Failure>
