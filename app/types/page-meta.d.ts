import type { Role } from '#shared/schemas/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** The least role that may open the page; absent: every role. */
    role?: Role
    /** Whether a bound key cannot open the page. */
    isForUnbound?: boolean
  }
}

declare module '#app' {
  interface PageMeta {
    role?: Role
    isForUnbound?: boolean
  }
}
