/** Where to go after the sign-in: a path of ours, never another site. */
export const safePath = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'
