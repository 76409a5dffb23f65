import { redact } from '../redact'

/** A secret, in any form in which a program may print it, is shorter. */
const LONGEST_SECRET = 4_096
/** So many places are tried for a cut, before more text is awaited. */
const MAX_TRIES = 20

/** Redacts a text that comes in parts, which may cut a secret in two. */
export class RedactedStream {
  #pending = ''

  /** @returns what is known to hold no beginning of a secret; the rest comes later */
  write(text: string): string {
    this.#pending += text
    const cut = this.#safeCut()
    const before = this.#pending.slice(0, cut)
    this.#pending = this.#pending.slice(cut)
    return redact(before)
  }

  /** @returns the rest */
  end(): string {
    const rest = redact(this.#pending)
    this.#pending = ''
    return rest
  }

  /** A place where no secret is cut: both sides for themselves read as they do together. The end of a line is tried first. */
  #safeCut(): number {
    const latest = this.#pending.length - LONGEST_SECRET
    if (latest <= 0) return 0
    const whole = redact(this.#pending)
    let cut = this.#pending.lastIndexOf('\n', latest) + 1 || latest
    for (let tries = 0; tries < MAX_TRIES && cut > 0; tries++) {
      if (redact(this.#pending.slice(0, cut)) + redact(this.#pending.slice(cut)) === whole) return cut
      cut = this.#pending.lastIndexOf('\n', cut - 2) + 1 || cut - 97
    }
    return 0
  }
}
