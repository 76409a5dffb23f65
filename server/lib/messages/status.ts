const statuses: Record<string, number> = {
  MISSING_CONFIGURATION: 503,
  PROVIDER_NOT_FOUND: 422,
  UNSUPPORTED_WORKSPACE_TYPE: 422,
  GITHUB_NOT_ALLOWED: 422,
  PARENT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
}

/** The HTTP status of a request that failed because of a service; what no request causes is a bad gateway. */
export const serviceStatus = ({ code, retryable }: { code: string, retryable: boolean }): number =>
  retryable ? 503 : statuses[code] ?? 502
