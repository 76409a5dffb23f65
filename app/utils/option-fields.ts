/** One thing that a provider can be told, as its form shows it. */
export interface OptionField {
  name: string
  label: string
  help?: string
  kind: 'switch' | 'choice' | 'number' | 'text'
  choices: string[]
  isRequired: boolean
  initial: string | boolean
}

interface Property { type?: unknown, title?: unknown, description?: unknown, enum?: unknown, default?: unknown }

const text = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined

/** The fields that a provider's options schema (JSON Schema of an object) comes to. */
export function optionFields(schema: Record<string, unknown>): OptionField[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties ?? {}).map(([name, property]: [string, Property]) => {
    const choices = Array.isArray(property.enum) ? property.enum.map(String) : []
    return {
      name,
      label: text(property.title) ?? name,
      help: text(property.description),
      kind: kindOf(property, choices),
      choices,
      isRequired: required.includes(name),
      initial: property.type === 'boolean' ? property.default === true : String(property.default ?? ''),
    }
  })
}

function kindOf({ type }: Property, choices: string[]): OptionField['kind'] {
  if (choices.length) return 'choice'
  if (type === 'boolean') return 'switch'
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

/** What is sent for a field: nothing for one that is as it was at first. */
export function optionValue({ kind, initial }: OptionField, value: string | boolean): unknown {
  if (value === initial || value === '') return undefined
  return kind === 'number' ? Number(value) : typeof value === 'string' ? value.trim() : value
}
