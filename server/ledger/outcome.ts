/** What became of an attempt at an item. */
export type Outcome<T>
  = | { state: 'done', value: T }
    | { state: 'skipped' | 'failed' }
    | { state: 'later', at: Date }

/** What an item came to, or undefined while there is nothing. */
export const valueOf = <T>(outcome: Outcome<T>): T | undefined => outcome.state === 'done' ? outcome.value : undefined
