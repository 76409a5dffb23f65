import type { Role, Session, SignIn } from '#shared/schemas/session'

const ranks: Record<Role, number> = { viewer: 0, operator: 1, owner: 2 }

/** The session of the person who is signed in, and what their role allows. */
export function useAccess() {
  const call = useApi()
  const session = useState<Session | null>('session', () => null)

  /** Loads the session; null when nobody is signed in. */
  async function load(): Promise<Session | null> {
    session.value = await call('get /api/session', {}).catch((error: unknown) => {
      if (problemOf(error).status === 401) return null
      throw error
    })
    return session.value
  }

  async function signIn(body: SignIn): Promise<void> {
    session.value = await call('post /api/session', { body })
  }

  async function signOut(): Promise<void> {
    await call('delete /api/session', {})
    session.value = null
    await navigateTo('/sign-in')
  }

  /** Whether the signed-in person has at least this role. */
  const can = (least: Role): boolean => session.value !== null && ranks[session.value.role] >= ranks[least]

  /** The same with a key that is not bound to courses and projects: only that may add to them. */
  const canEverywhere = (least: Role): boolean => can(least) && !session.value?.isBound

  return { session: readonly(session), load, signIn, signOut, can, canEverywhere }
}
