/** Gives one idempotency key for as long as the same is sent: by a double click, or again after a lost answer. */
export function useKeyFor() {
  let sent: { body: string, key: string } | undefined
  return function keyFor(body: unknown): string {
    const text = JSON.stringify(body)
    if (sent?.body !== text) sent = { body: text, key: randomId() }
    return sent.key
  }
}
