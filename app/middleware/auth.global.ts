/** Everything but the sign-in needs somebody who is signed in; some pages need a role. */
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
  if (to.meta.role && !can(to.meta.role))
    throw createError({ statusCode: 403, statusMessage: 'This page is not for your role.', message: `It needs the role ${to.meta.role}; ask the owner for a key that has it.`, fatal: true })
})
