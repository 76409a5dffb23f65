/** All workflows, as the API describes them. */
export function useWorkflows() {
  const call = useApi()
  return useLoad(async () => (await call('get /api/workflows', {})).items)
}
