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

/** What is wrong with a value, and what to do. It does not repeat a secret. */
export function describeRefusal(name: VariableName, raw: string | undefined, error: z.ZodError): { message: string, fix: string } {
  const found = isSecret(name) ? `${name} has a wrong form` : `${name} is "${raw?.trim()}"`
  return {
    message: `${found}. It must be ${error.issues[0]?.message}.`,
    fix: `Correct ${name} or remove it, and start again.`,
  }
}
