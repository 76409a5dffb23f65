/** One measured figure, with its target. */
export interface Figure { name: string, value: number, unit: string, target?: number, note?: string }

/** The p-th percentile, 0 to 100, by nearest rank. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * p / 100) - 1)]!
}

export const median = (values: number[]) => percentile(values, 50)

/** Milliseconds as seconds with two digits, without the unit. */
export const formatSeconds = (ms: number) => (ms / 1000).toFixed(2)

/** The duration of a task in milliseconds. */
export async function time(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

function toRow({ name, value, unit, target, note = '' }: Figure): string[] {
  const measured = `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`
  if (target === undefined) return [name, measured, '', '', note]
  return [name, measured, `≤ ${target} ${unit}`, value <= target ? 'met' : 'not met', note]
}

/** Prints a table of figures, their targets, and whether they are met. */
export function print(figures: Figure[]): void {
  const rows = figures.map(toRow)
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => row[column]!.length)))
  for (const row of rows) {
    const cells = row.map((cell, column) => column === 4 ? cell : cell.padEnd(widths[column]!))
    console.log(cells.join('  ').trimEnd())
  }
}
