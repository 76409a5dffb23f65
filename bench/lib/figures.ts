/** One measured figure beside what was aimed at. */
export interface Figure { name: string, value: number, unit: string, aim?: number, note?: string }

/** The p-th percentile of some values, 0 to 100, nearest rank. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * p / 100) - 1)]!
}

export const median = (values: number[]) => percentile(values, 50)

/** Milliseconds that some work takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Prints a table: each figure, its aim, and whether it is met. */
export function print(figures: Figure[]): void {
  const rows = figures.map(({ name, value, unit, aim, note = '' }) =>
    [name, `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`, aim === undefined ? '' : `≤ ${aim} ${unit}`, aim === undefined ? '' : value <= aim ? 'met' : 'not met', note])
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => row[column]!.length)))
  for (const row of rows) console.log(row.map((cell, column) => column === 4 ? cell : cell.padEnd(widths[column]!)).join('  ').trimEnd())
}
