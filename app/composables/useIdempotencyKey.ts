/** Returns the same idempotency key while the body stays the same, so that a double click or a repeated request counts once. */
export function useIdempotencyKey() {
  let sent: { body: string, key: string } | undefined
  return function idempotencyKeyFor(body: unknown): string {
    const text = JSON.stringify(body)
    if (sent?.body !== text) sent = { body: text, key: randomId() }
    return sent.key
  }
}
