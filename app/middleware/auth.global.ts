/** Every page except the sign-in needs a session; some pages need a role. */
export default defineNuxtRouteMiddleware(async (to) => {
  if (to.path === '/sign-in') return
  const { session, load, can } = useAccess()
  try {
    if (!session.value && !await load()) return navigateTo({ path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } })
  }
  catch (error) {
    const { detail, fix } = problemOf(error)
    throw createError({ statusCode: 503, statusMessage: detail, message: fix, fatal: true })
  }
  if (!to.meta.role || can(to.meta.role)) return
  throw createError({
    statusCode: 403,
    statusMessage: 'Your role cannot open this page.',
    message: `The page needs the role ${to.meta.role}. Ask the owner for a key with that role.`,
    fatal: true,
  })
})
