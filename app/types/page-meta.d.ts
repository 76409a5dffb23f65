import type { Role } from '#shared/schemas/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** The least role that may open the page; absent: every role. */
    role?: Role
  }
}

declare module '#app' {
  interface PageMeta {
    role?: Role
  }
}
