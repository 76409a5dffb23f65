import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkEnvironment, queueConcurrency, runtimeDatabaseUrl, sessionDatabaseUrl } from '../../../../server/lib/env.ts'

const setUp = (variables: Record<string, string>) => {
  for (const [name, value] of Object.entries({ DATABASE_URL: 'postgres://pooled/x', DATABASE_POOLED: '', DATABASE_DIRECT_URL: '', ...variables })) vi.stubEnv(name, value)
}
afterEach(() => void vi.unstubAllEnvs())

describe('numbers', () => {
  it.each(['NaN', '-1', '0', '1.5', 'many', '1e9', 'Infinity'])('%s is refused by name', (value) => {
    for (const name of ['QUEUE_CONCURRENCY', 'RETRY_BASE_MS', 'ACTIVE_RUNS', 'KEEP_AUDIT_DAYS']) {
      setUp({ [name]: value })
      expect(checkEnvironment).toThrow(`${name} is "${value}", and has to be a whole number from 1 to`)
      vi.unstubAllEnvs()
    }
  })

  it('that are empty or absent are the default', () => {
    setUp({ QUEUE_CONCURRENCY: ' ' })
    expect(queueConcurrency()).toBe(10)
    expect(checkEnvironment).not.toThrow()
  })
})

describe('a transaction pooler', () => {
  it('gives no session of its own, and the runtime says so', () => {
    setUp({ DATABASE_POOLED: 'true' })
    expect(sessionDatabaseUrl()).toBeUndefined()
    expect(runtimeDatabaseUrl).toThrow('DATABASE_DIRECT_URL is not set')
    expect(checkEnvironment).toThrow('DATABASE_DIRECT_URL is not set')
  })

  it('is gone round where there is a way', () => {
    setUp({ DATABASE_DIRECT_URL: 'postgres://direct/x' })
    expect([sessionDatabaseUrl(), runtimeDatabaseUrl()]).toEqual(['postgres://direct/x', 'postgres://direct/x'])
  })

  it('is not there unless it is named', () => {
    setUp({})
    expect(sessionDatabaseUrl()).toBe('postgres://pooled/x')
  })
})
