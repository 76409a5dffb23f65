import { CommandError, unknownCommand, wrongNumber } from '../errors.ts'
import type { Store } from '../store.ts'
import { hashes, lists, sets, sortedSets } from './collections.ts'
import type { Commands, Reply } from './command.ts'
import { keys } from './keys.ts'
import { strings } from './strings.ts'

const commands = new Map(Object.entries<Commands[string]>({ ...strings, ...keys, ...hashes, ...sets, ...lists, ...sortedSets }))

export type Answer = { result: Reply } | { error: string }

/** The name of a command and its arguments, as texts. */
export function wordsOf(command: unknown): string[] {
  return Array.isArray(command) ? command.map(word => typeof word === 'object' ? JSON.stringify(word) : String(word)) : []
}

/** @throws CommandError for a command that Redis does not know, or without its arguments */
export function checked(words: string[]): (store: Store) => Reply {
  const [name = '', ...args] = words
  const command = commands.get(name.toLowerCase())
  if (command === undefined) throw unknownCommand(name)
  if (args.length < command.least) throw wrongNumber(name.toLowerCase())
  return store => command.run(store, args)
}

/** Runs one command. */
export function run(store: Store, words: string[]): Answer {
  try {
    return { result: checked(words)(store) }
  }
  catch (error) {
    if (error instanceof CommandError) return { error: error.message }
    throw error
  }
}
