/** A command that Redis refuses, in its own words. */
export class CommandError extends Error {}

export const unknownCommand = (name: string) => new CommandError(`ERR unknown command '${name}'`)
export const wrongNumber = (name: string) => new CommandError(`ERR wrong number of arguments for '${name}' command`)
export const wrongType = () => new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value')
export const syntaxError = () => new CommandError('ERR syntax error')
export const noInteger = () => new CommandError('ERR value is not an integer or out of range')
export const noFloat = () => new CommandError('ERR value is not a valid float')
export const noSuchKey = () => new CommandError('ERR no such key')

/** The body of an error answer: https://upstash.com/docs/redis/features/restapi */
export const errorBody = (_: number, error: string) => ({ error })
