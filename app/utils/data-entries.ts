import { readable } from './readable'

/** One row of a key/value list. */
export interface DataEntry {
  key: string
  /** What people read instead of the key; empty when the value has no keys. */
  label: string
  text: string
  /** Whether the text is formatted JSON. */
  isNested: boolean
}

/**
 * The rows that show any JSON value: one for each field of an object, a single one for everything else.
 * @param labels better labels than the keys themselves, by key
 */
export function dataEntries(value: unknown, labels: Record<string, string> = {}): DataEntry[] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object' || Array.isArray(value)) return [{ key: '', label: '', ...shown(value) }]
  return Object.entries(value).map(([key, field]) => ({ key, label: labels[key] ?? readable(key), ...shown(field) }))
}

function shown(value: unknown): Pick<DataEntry, 'text' | 'isNested'> {
  if (value === null || value === undefined || value === '') return { text: 'none', isNested: false }
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no', isNested: false }
  if (typeof value !== 'object') return { text: String(value), isNested: false }
  return Object.keys(value).length ? { text: JSON.stringify(value, null, 2), isNested: true } : { text: 'none', isNested: false }
}
