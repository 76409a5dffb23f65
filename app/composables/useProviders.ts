/** The providers of workspaces, with the variables that each needs. */
export function useProviders() {
  const call = useApi()
  return useLoad(async () => (await call('get /api/providers', {})).items)
}
