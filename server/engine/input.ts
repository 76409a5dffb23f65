import { configOf } from '../lib/workflow-configs'

/** The input of a run is stored in the clear, and read again with every step. */
const MAX_BYTES = 64_000

/** An input that a workflow does not accept. */
export class InvalidInput extends Error {
  readonly issues: { path: PropertyKey[], message: string }[]

  constructor(workflow: string, issues: { path: PropertyKey[], message: string }[]) {
    super(`The input of ${workflow} is not valid: ${issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ')}`)
    this.name = 'InvalidInput'
    this.issues = issues
  }
}

/**
 * Parses the input of a run by the workflow's schema; null for a workflow that takes none.
 * @throws InvalidInput
 */
export function checkInput(workflow: string, input: unknown): unknown {
  const { input: schema } = configOf(workflow)
  if (!schema) {
    if (input === undefined || input === null) return null
    throw new InvalidInput(workflow, [{ path: [], message: 'This workflow takes no input.' }])
  }
  const result = schema.safeParse(input)
  if (!result.success) throw new InvalidInput(workflow, result.error.issues)
  const checked = result.data ?? null
  if (Buffer.byteLength(JSON.stringify(checked)) > MAX_BYTES)
    throw new InvalidInput(workflow, [{ path: [], message: `The input is larger than ${MAX_BYTES / 1000} KB.` }])
  return checked
}
