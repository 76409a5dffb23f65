import { styleText } from 'node:util'

/** Formats rows as a table with a bold, underlined head. */
export function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)))
  const line = (cells: string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()
  return [styleText('bold', line(head)), line(widths.map(width => '─'.repeat(width))), ...rows.map(line)]
}
