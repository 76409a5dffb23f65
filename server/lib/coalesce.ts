/** Does the work at most once at a time. All calls in the meantime together cause one more run after it. */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined
  let next: Promise<void> | undefined
  const run = () => {
    next = undefined
    current = work().finally(() => {
      current = undefined
    })
    return current
  }
  return () => current ? next ??= current.then(run, run) : run()
}
