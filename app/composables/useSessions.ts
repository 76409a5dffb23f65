/** The browsers that are signed in with the same key, and how to sign one of them out. */
export function useSessions() {
  const call = useApi()
  const { data: sessions, problem, refresh } = useLoad(async () => (await call('get /api/sessions', {})).items)

  async function end(id: string): Promise<void> {
    await call('delete /api/sessions/{id}', { params: { id } })
    await refresh()
  }

  return { sessions, problem, refresh, end }
}
