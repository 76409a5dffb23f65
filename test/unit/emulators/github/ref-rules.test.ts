import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRefName } from '../../../../emulators/github/ref-rules.ts'
import { repoName } from '../../../../emulators/github/repo-rules.ts'
import { slugOr } from '../../../../shared/utils/names.ts'

const run = promisify(execFile)
const git = (...args: string[]) => run('git', ['check-ref-format', ...args]).then(() => true, () => false)

function accepted(ref: string): boolean {
  try {
    checkRefName(ref)
    return true
  }
  catch {
    return false
  }
}

const MOSTLY_VALID = ['a', 'feature', '1', '-', '_', '.', '/', '@', '{', '}', '..', '.lock', 'HEAD', 'é', '漢', '🎓']
const MOSTLY_INVALID = ['~', '^', ':', '?', '*', '[', '\\', ' ', '\t', '\u007F', '\u0085', '\u00A0', '@{', '//', '\u202E']

/** Names that are nearly valid: valid parts with some invalid ones. */
const name = fc.array(fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MOSTLY_VALID) },
  { weight: 1, arbitrary: fc.constantFrom(...MOSTLY_INVALID) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
), { minLength: 1, maxLength: 6 }).map(parts => parts.join('').toWellFormed().replaceAll('\0', ''))

describe('ref names', () => {
  it('that the emulator accepts are valid for git', async () => {
    let good = 0
    const prefixes = fc.constantFrom('refs/heads/', 'refs/tags/', 'refs/')
    await fc.assert(fc.asyncProperty(prefixes, name, async (prefix, rest) => {
      if (!accepted(prefix + rest)) return
      good += 1
      expect(await git(prefix + rest), JSON.stringify(prefix + rest)).toBe(true)
    }), { numRuns: 500 })
    expect(good, 'names that were accepted').toBeGreaterThan(50)
    expect(accepted('refs/heads/a\0b')).toBe(false)
  })

  it('that are derived from a title are valid for git branches and GitHub repositories', async () => {
    const titles = fc.string({ unit: 'binary', maxLength: 120 })
    await fc.assert(fc.asyncProperty(titles, fc.integer({ min: 10, max: 100 }), async (title, max) => {
      const slug = slugOr('course', title, max)
      expect(accepted(`refs/heads/${slug}`)).toBe(true)
      expect(repoName({ name: slug })).toBe(slug)
      expect(await git('--branch', slug), slug).toBe(true)
      const expected = slug.length > max ? slug.slice(0, max).replace(/-+$/, '') : slug
      expect(slugOr('course', slug, max), 'a slug is its own slug').toBe(expected)
    }), { numRuns: 80 })
  })
})
