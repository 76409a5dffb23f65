/** At most `limit` of a kind within any `windowMs` milliseconds; 0 ms: at most `limit` at the same time. */
export interface Rule { kind: string, limit: number, windowMs: number }

/** The name of the window that counts for a rule: its kind and its length in seconds. */
export const windowNameOf = ({ kind, windowMs }: Rule): string => `${kind}/${windowMs / 1000}`

/**
 * Reads limits as the environment has them: `content=80/60,500/3600 points=900/60 concurrent=100`,
 * each a number and the seconds within which it holds, or `none`.
 * @param text as the schema of the environment accepts it
 */
export function readRules(text: string): Rule[] {
  if (text === 'none') return []
  return text.split(/\s+/).flatMap((word) => {
    const [kind, windows] = word.split('=') as [string, string]
    return windows.split(',').map((window) => {
      const [limit, seconds = 0] = window.split('/').map(Number)
      return { kind, limit: limit!, windowMs: seconds * 1000 }
    })
  })
}
