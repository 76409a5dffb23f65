/** Registers how to stop something before it is started, so that an interrupted start leaves nothing behind. */
export function own<T>(stack: AsyncDisposableStack, start: () => Promise<T>, stop: (started: T) => unknown): Promise<T> {
  const starting = Promise.withResolvers<T>()
  stack.defer(async () => {
    const started = await starting.promise.then(value => ({ value }), () => undefined)
    if (started) await stop(started.value)
  })
  start().then(starting.resolve, starting.reject)
  return starting.promise
}
