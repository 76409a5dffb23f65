import type { z } from 'zod'
import { Environment, type VariableName } from './schema.ts'
import { isSecret } from './secret.ts'

type Result<N extends VariableName> = z.ZodSafeParseResult<Environment[N]>

/** The last value of each variable: they are read for every outside call, and hardly ever change. */
const parsed = new Map<VariableName, { text: string | undefined, result: Result<VariableName> }>()

/** Parses the value of one variable by its schema; an empty value counts as absent. */
export function parseVariable<N extends VariableName>(name: N, raw: string | undefined): Result<N> {
  const text = raw?.trim() || undefined
  const known = parsed.get(name)
  if (known && known.text === text) return known.result as Result<N>
  const result = Environment.shape[name].safeParse(text)
  parsed.set(name, { text, result })
  return result as Result<N>
}

/** What is wrong with a value, for the message VARIABLE_WRONG. It does not repeat a secret. */
export function describeRefusal(variable: VariableName, raw: string | undefined, error: z.ZodError) {
  const found = isSecret(variable) ? `${variable} has a wrong form` : `${variable} is "${raw?.trim()}"`
  return { variable, found, expected: String(error.issues[0]?.message) }
}
