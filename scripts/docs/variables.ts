import { type About, about, Environment, sections, type VariableName } from '../../server/lib/env/schema.ts'
import { isSecret } from '../../server/lib/env/secret.ts'

/** A variable as documents describe it. */
export interface Variable extends About {
  name: VariableName
  isSecret: boolean
  /** What a value must be, as the error for a wrong one says it. */
  mustBe: string
  byDefault: string | undefined
}

function describe(name: VariableName): Variable {
  const schema = Environment.shape[name]
  const said = about.get(schema)
  if (!said) throw new Error(`${name} has no description in server/lib/env/schema.ts.`)
  return {
    name,
    isSecret: isSecret(name),
    // Only what takes any text takes this.
    mustBe: schema.safeParse('\0').error?.issues[0]?.message ?? 'text',
    byDefault: schema.safeParse(undefined).data?.toString(),
    ...said,
  }
}

/** The sections of the schema, each with its variables, in its order. */
export const variablesBySection: { section: string, variables: Variable[] }[] = Object.entries(sections)
  .map(([section, variables]) => ({ section, variables: (Object.keys(variables) as VariableName[]).map(describe) }))
