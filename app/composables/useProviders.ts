/** The providers of workspaces, with what each needs. */
export function useProviders() {
  const call = useApi()
  return useLoad(async () => (await call('get /api/providers', {})).items)
}
