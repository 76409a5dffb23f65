import { RedactedStream } from '../redact/stream'

/** Characters of an output that are kept. */
const MAX_OUTPUT = 50_000

/** What a command prints: redacted, and bounded with a line that says so. */
export class Output {
  readonly #redacted = new RedactedStream()
  #text = ''

  write(text: string): void {
    if (this.#text.length <= MAX_OUTPUT) this.#text += this.#redacted.write(text)
  }

  /** All of it, after its end. */
  read(): string {
    const text = this.#text.length > MAX_OUTPUT ? this.#text : this.#text + this.#redacted.end()
    return text.length > MAX_OUTPUT ? `${text.slice(0, MAX_OUTPUT)}\n[cut after ${MAX_OUTPUT} characters]\n` : text
  }
}
