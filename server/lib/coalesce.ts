/** Does the work at most once at a time; asked meanwhile, however often, it does it once more after that. */
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
