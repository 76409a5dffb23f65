import { stripVTControlCharacters, styleText } from 'node:util'
import type { Run, Step } from '../../shared/schemas/run.ts'

/** The part of a run, or of a group of runs, that the display shows. */
export type DisplayedRun = Pick<Run, 'status' | 'steps'>

export interface Progress { name: string, run: DisplayedRun }

const BAR_WIDTH = 24
const icons: Record<Step['status'], string> = {
  pending: styleText('dim', '·'),
  running: styleText('cyan', '●'),
  completed: styleText('green', '✔'),
  failed: styleText('red', '✖'),
  skipped: styleText('yellow', '–'),
}

/** The time between two dates, such as `1.2 s`; up to now without the second one. */
export function duration(from: string | null, to: string | null, now = Date.now()): string {
  if (!from) return ''
  const ms = Math.max(0, (to ? Date.parse(to) : now) - Date.parse(from))
  return `${(ms / 1000).toFixed(1)} s`
}

export const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

function stepText({ title, status, done, total, attempts, startedAt, finishedAt, error }: Step, now?: number): string {
  const tries = attempts > 1 ? `  attempt ${attempts}` : ''
  const why = error && status !== 'completed' ? `  ${error.message}` : ''
  const time = duration(startedAt, finishedAt, now).padStart(7)
  return `${icons[status]} ${title.padEnd(26)} ${`${done}/${total}`.padStart(5)}  ${time}${tries}${why}`
}

/** One line for each step that has changed since `before`. @param width of the column of names */
export function changedSteps({ name, run }: Progress, before?: DisplayedRun, width = name.length): string[] {
  return run.steps.filter((step) => {
    const previous = before?.steps.find(other => other.name === step.name)
    return step.status !== 'pending' && (step.status !== previous?.status || step.done !== previous.done)
  }).map(step => `${name.padEnd(width)}  ${stripVTControlCharacters(stepText(step))}`)
}

/** A progress bar and one line per step, truncated to the width of the terminal. */
export function renderRun({ name, run }: Progress, columns: number, now = Date.now()): string[] {
  const [done, total] = [sum(run.steps.map(step => step.done)), sum(run.steps.map(step => step.total))]
  const filled = total ? Math.round(BAR_WIDTH * done / total) : 0
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
  const head = `${styleText('bold', name)}  ${bar} ${done}/${total}  ${run.status}`
  return [head, ...run.steps.map(step => `  ${stepText(step, now)}`), ''].map(line => truncate(line, columns))
}

/** Truncates a line, because a wrapped line would break the redraw. */
function truncate(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length < columns ? line : `${plain.slice(0, columns - 2)}…`
}

/** Shows the progress of several runs: in place on a terminal, else one line per change. */
export class Display {
  readonly #runs = new Map<string, Progress>()
  readonly #out: NodeJS.WriteStream
  readonly #width: number
  #drawn = 0

  /** @param names of all runs, for the width of their column */
  constructor(out: NodeJS.WriteStream, names: string[]) {
    this.#out = out
    this.#width = Math.max(...names.map(name => name.length))
  }

  update(progress: Progress): void {
    const before = this.#runs.get(progress.name)?.run
    this.#runs.set(progress.name, progress)
    if (this.#out.isTTY) this.#draw()
    else for (const line of changedSteps(progress, before, this.#width)) this.#out.write(`${line}\n`)
  }

  /** Prints a line above the progress. */
  log(line: string): void {
    this.#clear()
    this.#out.write(`${line}\n`)
    if (this.#runs.size > 0 && this.#out.isTTY) this.#draw()
  }

  #clear(): void {
    if (this.#drawn) this.#out.write(`\u001B[${this.#drawn}A\u001B[J`)
    this.#drawn = 0
  }

  #draw(): void {
    const lines = [...this.#runs.values()].flatMap(progress => renderRun(progress, this.#out.columns))
    // A screen can only redraw as many lines as it has.
    const visible = lines.slice(0, this.#out.rows - 1)
    this.#clear()
    this.#out.write(`${visible.join('\n')}\n`)
    this.#drawn = visible.length
  }
}
