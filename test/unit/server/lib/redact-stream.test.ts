import fc from 'fast-check'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { RedactedStream } from '../../../../server/lib/redact/stream.ts'

const SECRET = 'planted-token-of-nobody'
beforeEach(() => {
  vi.stubEnv('GITHUB_TOKEN', SECRET)
  onTestFinished(() => void vi.unstubAllEnvs())
})

function redacted(parts: string[]): { text: string, seen: string[] } {
  const stream = new RedactedStream()
  const seen = parts.map(part => stream.write(part))
  return { text: [...seen, stream.end()].join(''), seen }
}

it('finds a secret wherever its parts are cut', () => {
  for (let cut = 0; cut <= SECRET.length; cut++)
    expect(redacted([`before ${SECRET.slice(0, cut)}`, `${SECRET.slice(cut)} after`]).text).toBe('before [redacted] after')
})

it('gives away no part of a secret in a long text of any parts', () => {
  const word = fc.oneof(
    { weight: 3, arbitrary: fc.string({ maxLength: 400 }) },
    fc.constantFrom(SECRET, Buffer.from(`x:${SECRET}`).toString('base64'), encodeURIComponent(`/${SECRET}/`), '\n'),
  )
  const text = fc.array(word, { minLength: 40, maxLength: 120 }).map(words => words.join(' '))
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 3_000 }), (text, size) => {
    const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size))
    const { text: out, seen } = redacted(parts)
    expect(out).not.toContain(SECRET)
    // Whoever reads only the beginning sees no half of it either.
    for (const part of seen) expect(part).not.toMatch(/planted-token-of|planted-to$/)
  }), { numRuns: 30 })
})

it('hands a long text on before its end', () => {
  const { seen } = redacted(Array.from({ length: 20 }, (_, n) => `line ${n} ${'x'.repeat(1_000)}\n`))
  expect(seen.join('').length).toBeGreaterThan(12_000)
})
