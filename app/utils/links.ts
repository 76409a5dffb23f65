/** The page to open after the sign-in: a path of this dashboard, never another site. */
export const safePath = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'
