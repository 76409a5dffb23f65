/**
 * Does work that begins in time, or not at all.
 * @param late makes the error for work that has not begun in time; nothing of it was done then
 * @param work calls `begin` before its first lasting effect, which throws when the time is over
 */
export async function beginWithin<T>(ms: number, late: () => Error, work: (begin: () => void) => Promise<T>): Promise<T> {
  const timedOut = Promise.withResolvers<never>()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    timedOut.reject(late())
  }, ms)
  const begin = () => {
    if (isLate) throw late()
    clearTimeout(timer)
  }
  try {
    return await Promise.race([work(begin), timedOut.promise])
  }
  finally {
    clearTimeout(timer)
  }
}
