import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  checkEnvironment, discordApiUrl, githubConfig, isDatabasePooled, limitsOf, logLevel, queueConcurrency, runtimeDatabaseUrl,
  secretValues, sessionDatabaseUrl,
} from '../../../../server/lib/env.ts'

const setUp = (variables: Record<string, string>) => {
  const defaults = { DATABASE_URL: 'postgres://pooled/x', DATABASE_POOLED: '', DATABASE_DIRECT_URL: '' }
  for (const [name, value] of Object.entries({ ...defaults, ...variables })) vi.stubEnv(name, value)
}
afterEach(() => void vi.unstubAllEnvs())

describe('numbers', () => {
  it.each(['NaN', '-1', '0', '1.5', 'many', '1e9', 'Infinity'])('%s is refused by name', (value) => {
    for (const name of ['QUEUE_CONCURRENCY', 'RETRY_BASE_MS', 'ACTIVE_RUNS', 'KEEP_AUDIT_DAYS']) {
      setUp({ [name]: value })
      expect(checkEnvironment).toThrow(`${name} is "${value}". It must be a whole number from 1 to`)
      vi.unstubAllEnvs()
    }
  })

  it('that are empty or absent are the default', () => {
    setUp({ QUEUE_CONCURRENCY: ' ' })
    expect(queueConcurrency()).toBe(10)
    expect(checkEnvironment).not.toThrow()
  })
})

describe('a wrong value', () => {
  const wrong = [
    ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
    ['DATABASE_POOLED', 'yes', 'true or false'],
    ['ATELIER_PUBLIC_URL', 'atelier.example.org', 'an address that begins with http:// or https://'],
    ['DISCORD_API_URL', 'ftp://discord.com', 'an address that begins with http:// or https://'],
    ['GITHUB_LIMITS', 'contents=80/60', 'none, or limits of content, points, concurrent as kind=number/seconds'],
    ...['requests=a/b', 'requests', 'requests=', 'requests=80/', '=80/60', 'requests=1/1 x'].map(value =>
      ['HF_LIMITS', value, 'none, or limits of requests as kind=number/seconds'] as const),
  ] as const
  it.each(wrong)('of %s, %s, is refused with what it must be', (name, value, expected) => {
    setUp({ [name]: value })
    expect(checkEnvironment).toThrow(expect.objectContaining({
      code: 'WRONG_CONFIGURATION',
      message: `${name} is "${value}". It must be ${expected}.`,
      fix: `Correct ${name} or remove it, and start Atelier again.`,
    }))
  })

  it.each(['DATABASE_URL', 'DATABASE_DIRECT_URL'])('of the secret %s is not repeated', (name) => {
    setUp({ [name]: 'mysql://me:pass@db/x' })
    const message = `${name} has a wrong form. It must be an address that begins with postgres:// or postgresql://.`
    expect(checkEnvironment).toThrow(expect.objectContaining({ message }))
  })

  it('of LOG_LEVEL leaves the log its default', () => {
    setUp({ LOG_LEVEL: 'loud' })
    expect(logLevel()).toBe('info')
  })
})

describe('a right value', () => {
  it('is read again at every use', () => {
    for (const value of ['3', '4', '3']) {
      setUp({ QUEUE_CONCURRENCY: value })
      expect(queueConcurrency()).toBe(Number(value))
    }
  })

  it('may be in capitals, with spaces around it or a slash at the end of an address', () => {
    setUp({ LOG_LEVEL: ' WARN ', DATABASE_POOLED: 'TRUE', GITHUB_TOKEN: ' t ', GITHUB_API_URL: 'https://github.example.org/api/v3/' })
    expect([logLevel(), isDatabasePooled(), githubConfig()])
      .toEqual(['warn', true, { token: 't', apiUrl: 'https://github.example.org/api/v3' }])
    setUp({ DISCORD_API_URL: 'http://127.0.0.1:1/api//' })
    expect(discordApiUrl()).toBe('http://127.0.0.1:1/api')
  })

  const limits = ['none', 'content=80/60,500/3600 points=900/60 concurrent=100', 'concurrent=5', 'content=1/0.5']
  it.each(limits)('may be the limits "%s"', (limits) => {
    setUp({ GITHUB_LIMITS: limits })
    expect(checkEnvironment).not.toThrow()
    expect(limitsOf('GITHUB')).toBe(limits)
  })

  it.each(['postgresql://db/x', 'postgres://a:1,b:2/x', 'postgres:///x?host=/run/postgresql'])('may be the database %s', (url) => {
    setUp({ DATABASE_URL: url })
    expect(checkEnvironment).not.toThrow()
  })
})

it('secrets are known by their names, also one whose value is wrong', () => {
  const tokens = ['DISCORD_BOT_TOKEN', 'FIGMA_TOKEN', 'GITHUB_TOKEN', 'HF_TOKEN']
  const secrets = ['API_KEY', 'CRON_SECRET', 'DATABASE_DIRECT_URL', 'DATABASE_URL', ...tokens]
  setUp(Object.fromEntries(secrets.map(name => [name, `planted ${name}`])))
  expect(secretValues().sort()).toEqual(secrets.map(name => `planted ${name}`))
})

describe('the owner\'s key', () => {
  const short = 'only-31-characters-are-too-few!'
  const open = ['', '0.0.0.0', '::', '192.168.1.5', '127.evil.example', 'localhost.example.org']
  it.each(open)('is refused under 32 characters on the host "%s"', (HOST) => {
    setUp({ API_KEY: short, HOST })
    expect(checkEnvironment).toThrow(expect.objectContaining({
      code: 'WRONG_CONFIGURATION',
      message: expect.stringContaining('API_KEY'),
      fix: expect.stringContaining('openssl rand -hex 32'),
    }))
    expect(checkEnvironment).not.toThrow(short)
    setUp({ API_KEY: `${short}.`, HOST })
    expect(checkEnvironment).not.toThrow()
  })

  it.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1'])('may be short on the host %s', (HOST) => {
    setUp({ API_KEY: 'short', HOST })
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
