import { readable } from './readable'

/** One field of a form that is made from a JSON Schema. */
export interface SchemaField {
  name: string
  label: string
  help?: string
  kind: 'switch' | 'choice' | 'number' | 'text' | 'json'
  choices: unknown[]
  isRequired: boolean
  initial: string | boolean
}

interface Property { type?: unknown, title?: unknown, description?: unknown, enum?: unknown, default?: unknown, anyOf?: unknown }

const text = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined

/** The form fields of a JSON Schema that describes an object. */
export function schemaFields(schema: Record<string, unknown>): SchemaField[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties ?? {}).map(([name, property]: [string, Property]) => {
    const choices = Array.isArray(property.enum) ? property.enum : []
    const kind = kindOf(property, choices)
    return {
      name,
      label: text(property.title) ?? readable(name),
      help: text(property.description),
      kind,
      choices,
      isRequired: required.includes(name),
      initial: initialOf(property, kind),
    }
  })
}

function kindOf(property: Property, choices: unknown[]): SchemaField['kind'] {
  if (choices.length) return 'choice'
  const type = typeOf(property)
  if (type === 'boolean') return 'switch'
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'object' || type === 'array' ? 'json' : 'text'
}

/** The type of a property; of one that may also be null, its other type. */
function typeOf({ type, anyOf }: Property): unknown {
  const types = Array.isArray(type) ? type : Array.isArray(anyOf) ? anyOf.map((option: Property) => option.type) : [type]
  return types.find(one => one !== 'null')
}

function initialOf({ default: initial }: Property, kind: SchemaField['kind']): string | boolean {
  if (kind === 'switch') return initial === true
  if (initial === undefined || initial === null) return ''
  return kind === 'json' ? JSON.stringify(initial, null, 2) : String(initial)
}

/** The value to send for a field; undefined for a field that keeps its initial value. */
export function fieldValue({ kind, choices, initial }: SchemaField, value: string | boolean): unknown {
  if (value === initial || value === '') return undefined
  if (typeof value === 'boolean') return value
  if (kind === 'choice') return choices.find(choice => String(choice) === value)
  if (kind === 'number') return Number(value)
  return kind === 'json' ? parsed(value) : value.trim()
}

/** Text that is not JSON is sent as it is: the server then names what is wrong with it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  }
  catch {
    return json
  }
}
