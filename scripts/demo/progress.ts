import { stripVTControlCharacters, styleText } from 'node:util'
import type { Run, Step } from '../../shared/schemas/run.ts'

/** What is shown of a run, or of several together. */
export type Shown = Pick<Run, 'status' | 'steps'>

export interface Progress { name: string, run: Shown }

const BAR = 24
const marks: Record<Step['status'], string> = {
  pending: styleText('dim', '·'),
  running: styleText('cyan', '●'),
  completed: styleText('green', '✔'),
  failed: styleText('red', '✖'),
  skipped: styleText('yellow', '–'),
}

/** `1.2 s` between two times, or up to now while the second is missing. */
export function duration(from: string | null, to: string | null, now = Date.now()): string {
  if (!from) return ''
  const ms = Math.max(0, (to ? Date.parse(to) : now) - Date.parse(from))
  return `${(ms / 1000).toFixed(1)} s`
}

/** The sum of some numbers. */
export const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

function stepText({ title, status, done, total, attempts, startedAt, finishedAt, error }: Step, now?: number): string {
  const tries = attempts > 1 ? `  attempt ${attempts}` : ''
  const why = error && status !== 'completed' ? `  ${error.message}` : ''
  return `${marks[status]} ${title.padEnd(26)} ${`${done}/${total}`.padStart(5)}  ${duration(startedAt, finishedAt, now).padStart(7)}${tries}${why}`
}

/** One line for each step that moved since `before`; names in a column of `width`. */
export function movedSteps({ name, run }: Progress, before?: Shown, width = name.length): string[] {
  return run.steps.filter((step) => {
    const earlier = before?.steps.find(other => other.name === step.name)
    return step.status !== 'pending' && (step.status !== earlier?.status || step.done !== earlier.done)
  }).map(step => `${name.padEnd(width)}  ${stripVTControlCharacters(stepText(step))}`)
}

/** A bar over everything and a line a step, cut to the width of the terminal. */
export function picture({ name, run }: Progress, columns: number, now = Date.now()): string[] {
  const [done, total] = [sum(run.steps.map(step => step.done)), sum(run.steps.map(step => step.total))]
  const filled = total ? Math.round(BAR * done / total) : 0
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`
  const head = `${styleText('bold', name)}  ${bar} ${done}/${total}  ${run.status}`
  return [head, ...run.steps.map(step => `  ${stepText(step, now)}`), ''].map(line => cut(line, columns))
}

/** Cuts the plain text of a line: one that wraps would be redrawn in the wrong place. */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length < columns ? line : `${plain.slice(0, columns - 2)}…`
}

/** Shows the progress of several runs: redrawn in place on a terminal, else a line for whatever moved. */
export class Display {
  readonly #runs = new Map<string, Progress>()
  readonly #out: NodeJS.WriteStream
  readonly #width: number
  #drawn = 0

  /** @param names of everything that will be shown */
  constructor(out: NodeJS.WriteStream, names: string[]) {
    this.#out = out
    this.#width = Math.max(...names.map(name => name.length))
  }

  update(progress: Progress): void {
    const before = this.#runs.get(progress.name)?.run
    this.#runs.set(progress.name, progress)
    if (this.#out.isTTY) this.#draw()
    else for (const line of movedSteps(progress, before, this.#width)) this.#out.write(`${line}\n`)
  }

  /** A line of its own, above what is redrawn. */
  say(line: string): void {
    this.#clear()
    this.#out.write(`${line}\n`)
    if (this.#runs.size > 0 && this.#out.isTTY) this.#draw()
  }

  #clear(): void {
    if (this.#drawn) this.#out.write(`\u001B[${this.#drawn}A\u001B[J`)
    this.#drawn = 0
  }

  #draw(): void {
    const lines = [...this.#runs.values()].flatMap(progress => picture(progress, this.#out.columns))
    // More than the screen holds could not be redrawn: the heads alone still fit.
    const shown = lines.slice(0, this.#out.rows - 1)
    this.#clear()
    this.#out.write(`${shown.join('\n')}\n`)
    this.#drawn = shown.length
  }
}
