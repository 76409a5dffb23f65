import type { Role } from '#shared/schemas/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** The least role that may see the page; absent: everybody who is signed in. */
    role?: Role
  }
}

declare module '#app' {
  interface PageMeta {
    role?: Role
  }
}
