const UNCLOSED_QUOTE = 'a quotation mark is not closed; close it, or write "" for one that belongs to the name'

/** A lab group as it was read from a line; the number is not checked yet. */
export interface GroupLine { line: number, number: string, name: string }
/** A line that could not be read, with what is wrong and what to write. */
export interface BadLine { line: number, text: string, message: string }

/**
 * Reads `number,name` lines, one group each. Fields may be quoted as in CSV. A semicolon or a tab
 * separates fields as well, because spreadsheets paste them. Every line that is not empty is in
 * one of the two results.
 */
export function parseGroupLines(text: string): { groups: GroupLine[], bad: BadLine[] } {
  const groups: GroupLine[] = []
  const bad: BadLine[] = []
  text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/).forEach((content, index) => {
    const line = index + 1
    if (!content.trim() || isHeading(content, line)) return
    const fields = splitFields(content)
    const message = fields === undefined ? UNCLOSED_QUOTE : problemWith(fields)
    if (fields === undefined || message) bad.push({ line, text: content, message: message ?? '' })
    else groups.push({ line, number: fields[0]!, name: fields[1]! })
  })
  return { groups, bad }
}

const isHeading = (content: string, line: number) => line === 1 && /^\s*"?number"?\s*[,;\t]\s*"?name"?\s*$/i.test(content)

function problemWith(fields: string[]): string | undefined {
  const [number = '', name = ''] = fields
  const isNumber = /^\d+$/.test(number)
  if (fields.length === 1 && !isNumber) return 'the number is missing; write 1,Name'
  if (!isNumber) return `“${number}” is not a whole number; write the number first, then a comma, then the name`
  if (!name) return `the name is missing; write ${number},Name`
  if (fields.length > 2)
    return `the line has ${fields.length} fields; put a name with commas in quotes: ${number},"${fields.slice(1).join(', ')}"`
  return undefined
}

/** The fields of one CSV line (RFC 4180), trimmed; undefined when a quote is not closed. */
function splitFields(line: string): string[] | undefined {
  const separator = /^(?:"(?:[^"]|"")*"|[^",;\t])*([,;\t])/.exec(line)?.[1] ?? ','
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (quoted && char === '"' && line[i + 1] === '"') field += line[i++]
    else if (char === '"' && (quoted || !field.trim())) quoted = !quoted
    else if (char === separator && !quoted) {
      fields.push(field.trim())
      field = ''
    }
    else field += char
  }
  return quoted ? undefined : [...fields, field.trim()]
}

/** Groups as the lines that `parseGroupLines` reads. */
export const toGroupLines = (groups: { number: string, name: string }[]): string =>
  groups.filter(({ number, name }) => number || name).map(({ number, name }) => `${number},${quote(name)}`).join('\n')

const quote = (name: string) => /[",;\t]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
