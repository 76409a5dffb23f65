import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { errorFrames, errorText } from '../../../../server/lib/describe-error.ts'
import { variableNames } from '../../../../server/lib/env/schema.ts'
import { toFailure } from '../../../../server/lib/errors.ts'
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

/** How services write a text: each turns it into what a program at its other end decodes. */
const escapes: Record<string, (text: string) => string> = {
  'a URL': encodeURIComponent,
  'a URL in lower case': text => encodeURIComponent(text).replace(/%../g, escape => escape.toLowerCase()),
  'a URL, every byte': text => [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'JSON': text => JSON.stringify(text).slice(1, -1),
  'JSON of PHP': text => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'JSON, every character': text => text.split('').map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'HTML': text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
    .replaceAll('\'', '&#39;').replaceAll('/', '&#x2F;'),
  'HTML by numbers': text => [...text].map(character => `&#${character.codePointAt(0)};`).join(''),
  'nothing': text => text,
}
/** A credential as people and services make them. */
const secret = (minLength: number) => fc.string({ minLength, maxLength: 60, unit: fc.constantFrom(...'abcXYZ0189/+=-_.~%&<"\'\\:;#?é€😀') })
const isApart = (secret: string) => !/^(before|after|redacted|said)$/i.test(secret) && secret.trim() === secret

describe('a credential of the installation', () => {
  const pairs = Object.keys(escapes).flatMap(outer => Object.keys(escapes).map(inner => [inner, outer] as const))
  it.each(pairs)('is found in %s within %s', (inner, outer) => {
    fc.assert(fc.property(secret(8), (secret) => {
      vi.stubEnv('GITHUB_TOKEN', secret)
      const escaped = escapes[outer]!(escapes[inner]!(secret))
      expect(redact(`before ${escaped} after`), escaped).toBe('before [redacted] after')
    }), { numRuns: 30 })
  })

  it('is found when it is shorter than eight characters, and not within words', () => {
    fc.assert(fc.property(secret(1).filter(value => value.length < 8 && isApart(value)), (secret) => {
      vi.stubEnv('GITHUB_TOKEN', secret)
      expect(redact(`before ${secret} after`)).toBe('before [redacted] after')
      expect(redact(`before !${encodeURIComponent(secret)}! after`)).toBe('before ![redacted]! after')
    }))
    vi.stubEnv('GITHUB_TOKEN', 'post')
    expect(redact('PostgreSQL said "post", POST=post')).toBe('PostgreSQL said "[redacted]", [redacted]=[redacted]')
  })

  it('is found in base64 and hex, whatever stands around it, in either case', () => {
    const around = fc.string({ maxLength: 4, unit: 'grapheme-ascii' })
    const encodings = fc.constantFrom('base64' as const, 'base64url' as const, 'hex' as const)
    const cases = fc.constantFrom((text: string) => text, (text: string) => text.toLowerCase(), (text: string) => text.toUpperCase())
    fc.assert(fc.property(secret(4).filter(isApart), around, around, encodings, cases, (secret, before, after, encoding, inCase) => {
      vi.stubEnv('GITHUB_TOKEN', secret)
      const form = inCase(Buffer.from(`${before}${secret}${after}`).toString(encoding))
      expect(redact(`said ${form}.`)).toMatch(/^said [\w+/-]{0,8}\[redacted\][\w+/=-]{0,8}\.$/)
      expect(redact(`said ${encodeURIComponent(form)}.`)).toContain('[redacted]')
    }), { numRuns: 500 })
  })

  it('leaves no base64 from which a part of it can be read', () => {
    vi.stubEnv('GITHUB_TOKEN', 'planted/token+of=nobody')
    for (const before of ['', 'a', 'ab', 'abc']) {
      for (const after of ['', '!', '!!', '!!!']) {
        const encoded = Buffer.from(`${before}planted/token+of=nobody${after}`).toString('base64')
        // A group of three of those around it may stay.
        expect(redact(encoded).replace('[redacted]', '').length, encoded).toBeLessThanOrEqual(8)
      }
    }
  })

  it('is found in base64 that was cut by a group', () => {
    vi.stubEnv('GITHUB_TOKEN', 'planted/token+of=nobody')
    for (const before of ['', 'a', 'ab']) {
      const encoded = Buffer.from(`${before}planted/token+of=nobody`).toString('base64')
      expect(redact(`said ${encoded.slice(before ? 4 : 0, -4)}.`)).toBe('said [redacted].')
    }
  })

  it('is found whatever variable of the schema it is the value of', () => {
    const names = variableNames.filter(name => /_(TOKEN|SECRET|KEY)$|^DATABASE_URL$/.test(name))
    expect(names).toEqual(expect.arrayContaining(['API_KEY', 'CRON_SECRET', 'DATABASE_URL', 'DISCORD_BOT_TOKEN', 'HF_TOKEN']))
    for (const name of names) vi.stubEnv(name, `planted value of ${name}`)
    for (const name of names) expect(redact(`said planted value of ${name}.`)).toBe('said [redacted].')
  })

  it('is found with every other one, of which it may be a part', () => {
    vi.stubEnv('GITHUB_TOKEN', 'planted-token')
    vi.stubEnv('HF_TOKEN', 'planted-token-of-another')
    vi.stubEnv('FIGMA_TOKEN', 'redacted')
    expect(redact('planted-token-of-another, planted-token')).toBe('[redacted], [redacted]')
  })
})

describe('an error', () => {
  const query = Object.assign(
    new Error('Failed query: select $1\nparams: what Ada wrote,7', { cause: new Error('out of range') }),
    { query: 'select $1', params: ['what Ada wrote', 7] },
  )

  it('is told without the values of its query, and with its causes', () => {
    expect(errorText(new Error('Not stored', { cause: query }))).toBe('Not stored: Failed query: select $1: out of range')
    expect(errorFrames(query)).toMatch(/^ +at /)
    expect(errorFrames(query)).not.toContain('Ada')
    expect(JSON.stringify(toFailure(query))).not.toContain('Ada')
  })

  it('with causes in a circle ends', () => {
    const error = new Error('Round')
    error.cause = error
    expect(errorText(error)).toContain('Round')
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
