import { noFloat, noInteger } from '../errors.ts'
import type { Store } from '../store.ts'

/** What a command answers. */
export type Reply = string | number | null | Reply[]

/** One command: the least number of its arguments, and what it does with them. */
export interface Command {
  least: number
  run: (store: Store, args: string[]) => Reply
}

export type Commands = Record<string, Command>

/** A command by the least number of its arguments. Those are there when it runs. */
export const command = (least: number, run: (store: Store, ...args: string[]) => Reply): Command =>
  ({ least, run: (store, args) => run(store, ...args) })

/** @throws CommandError for anything but a whole number */
export function integer(text: string | undefined): number {
  if (!/^-?\d{1,15}$/.test(text ?? '')) throw noInteger()
  return Number(text)
}

/** @throws CommandError for anything but a number */
export function float(text: string | undefined): number {
  const value = text?.trim() ? Number(text) : Number.NaN
  if (Number.isNaN(value)) throw noFloat()
  return value
}

/** A pattern of Redis, with `*`, `?` and `[…]`, as a regular expression. */
export function glob(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|\[(\^?)([^\]]*)\]|([*?])|([.+^${}()|[\]\\])/gs, (_, escaped, not, set, wild, special) => {
    if (escaped) return escaped.replace(/[.+^${}()|[\]\\*?]/, '\\$&') as string
    if (set !== undefined) return `[${not}${String(set).replaceAll('\\', '\\\\')}]`
    if (wild) return wild === '*' ? '.*' : '.'
    return `\\${special}`
  })
  return new RegExp(`^${source}$`, 's')
}

/**
 * One page of a scan: `[cursor, items]`. The cursor is the position among all items, which a change of the keys moves,
 * as in Redis an item may then come twice or not at all.
 * @param options `MATCH pattern` and `COUNT n`, in any order
 */
export function scan(all: string[], cursor: string | undefined, options: string[]): [next: string, found: string[]] {
  const option = (name: string) => options[options.findIndex((word, n) => n % 2 === 0 && word.toLowerCase() === name) + 1 || options.length]
  const from = integer(cursor)
  const end = from + Math.max(1, integer(option('count') ?? '10'))
  const matches = glob(option('match') ?? '*')
  return [end >= all.length ? '0' : String(end), all.slice(from, end).filter(item => matches.test(item))]
}
