/** Every page except the sign-in needs a session; some pages need a role. */
export default defineNuxtRouteMiddleware(async (to) => {
  if (to.path === '/sign-in') return
  const { session, load, can, canEverywhere } = useAccess()
  try {
    if (!session.value && !await load()) return navigateTo({ path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } })
  }
  catch (error) {
    const { detail, fix } = problemOf(error)
    throw createError({ statusCode: 503, statusMessage: detail, message: fix, fatal: true })
  }
  const { role, isForUnbound } = to.meta
  if (!role) return
  if (can(role)) {
    if (!isForUnbound || canEverywhere(role)) return
    throw createError({
      statusCode: 403,
      statusMessage: 'Your key cannot open this page.',
      message: 'The key is bound to courses and projects, and adds none. Ask the owner for an unbound key.',
      fatal: true,
    })
  }
  throw createError({
    statusCode: 403,
    statusMessage: 'Your role cannot open this page.',
    message: `The page needs the role ${role}. Ask the owner for a key with that role.`,
    fatal: true,
  })
})
