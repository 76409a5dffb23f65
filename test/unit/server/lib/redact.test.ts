import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { redact } from '../../../../server/lib/redact.ts'

afterEach(() => vi.unstubAllEnvs())

describe('redacted text', () => {
  it.each([
    ['a GitHub token', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'],
    ['a fine-grained GitHub token', 'github_pat_11ABCDEFG0abcdefghijkl_0123456789'],
    ['a Discord bot\'s token', 'MTA5NDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB'],
  ])('has no %s', (_, token) => {
    expect(redact(`said ${token}, then`)).toBe('said [redacted], then')
  })

  it.each([
    ['authorization: Bearer abcdefghijkl', 'authorization: Bearer [redacted]'],
    ['Bot abcdefghijkl was refused', 'Bot [redacted] was refused'],
    ['https://x-access-token:abc@github.com/a/b.git', 'https://[redacted]@github.com/a/b.git'],
    ['postgres://user:pass@127.0.0.1:5432/db', 'postgres://[redacted]@127.0.0.1:5432/db'],
  ])('%s becomes %s', (text, left) => {
    expect(redact(text)).toBe(left)
  })

  it.each([
    'POST /repos/atelier/algorithms-2026-group-12/git/trees',
    'Discord asks to wait 3 s before GET /guilds/1100000000000000001/roles.',
    'A token is needed.',
    '0123456789abcdef0123456789abcdef01234567',
  ])('%s stays', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('has none of the installation\'s own credentials, whatever they look like', () => {
    const secrets = fc.string({ minLength: 8, maxLength: 60 }).filter(secret => secret.trim() === secret && secret.length >= 8)
    const names = fc.constantFrom('GITHUB_TOKEN', 'DISCORD_BOT_TOKEN', 'API_KEY', 'CRON_SECRET')
    fc.assert(fc.property(secrets, names, (secret, name) => {
      fc.pre(!'before [redacted] after'.includes(secret))
      vi.stubEnv(name, secret)
      const bytes = Buffer.from(secret)
      const encoded = (['hex', 'base64', 'base64url'] as const).map(encoding => bytes.toString(encoding))
      for (const form of [secret, encodeURIComponent(secret), ...encoded])
        expect(redact(`before ${form} after`)).toBe('before [redacted] after')
    }))
  })

  it('has not the database\'s password alone, nor a secret within base64', () => {
    vi.stubEnv('DATABASE_URL', 'postgres://me:pa%2Fss%2Bword%3D1@db:5432/x')
    vi.stubEnv('GITHUB_TOKEN', 'planted/token+of=nobody')
    expect(redact('for pa/ss+word=1 or pa%2Fss%2Bword%3D1')).toBe('for [redacted] or [redacted]')
    for (const before of ['', 'a', 'ab', 'abc']) {
      const redacted = redact(Buffer.from(`${before}planted/token+of=nobody!!`).toString('base64'))
      expect(Buffer.from(redacted, 'base64').toString()).not.toContain('token')
    }
  })
})

describe('any text', () => {
  it('becomes what PostgreSQL takes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const stored = redact(`${text}\u0000${text}\uD800`)
      expect(stored).not.toContain('\u0000')
      expect(stored.isWellFormed()).toBe(true)
    }))
  })
})
