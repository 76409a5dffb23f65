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

/** Names of which most are nearly right: what git forbids stands among what it allows. */
const name = fc.array(fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'feature', '1', '-', '_', '.', '/', '@', '{', '}', '..', '.lock', 'HEAD', 'é', '漢', '🎓') },
  { weight: 1, arbitrary: fc.constantFrom('~', '^', ':', '?', '*', '[', '\\', ' ', '\t', '\u007F', '\u0085', '\u00A0', '@{', '//', '\u202E') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
), { minLength: 1, maxLength: 6 }).map(parts => parts.join('').toWellFormed().replaceAll('\0', ''))

describe('ref names', () => {
  it('that the emulator accepts git accepts, too', async () => {
    let good = 0
    await fc.assert(fc.asyncProperty(fc.constantFrom('refs/heads/', 'refs/tags/', 'refs/'), name, async (prefix, rest) => {
      if (!accepted(prefix + rest)) return
      good += 1
      expect(await git(prefix + rest), JSON.stringify(prefix + rest)).toBe(true)
    }), { numRuns: 500 })
    expect(good, 'names that were accepted').toBeGreaterThan(50)
    expect(accepted('refs/heads/a\0b')).toBe(false)
  })

  it('that are made from a title are branches for git and repositories for GitHub as they are', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 120 }), fc.integer({ min: 10, max: 100 }), async (title, max) => {
      const slug = slugOr('course', title, max)
      expect(accepted(`refs/heads/${slug}`)).toBe(true)
      expect(repoName({ name: slug })).toBe(slug)
      expect(await git('--branch', slug), slug).toBe(true)
      expect(slugOr('course', slug, max), 'a slug is its own slug').toBe(slug.length > max ? slug.slice(0, max).replace(/-+$/, '') : slug)
    }), { numRuns: 80 })
  })
})
