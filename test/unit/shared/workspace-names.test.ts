import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WorkspaceSpec } from '../../../shared/schemas/workspace.ts'
import { workspaceName } from '../../../shared/utils/workspace-names.ts'
import { workspaceSlug } from '../../../shared/utils/workspace-slugs.ts'

/** What git itself says. */
const gitTakes = (branch: string) => spawnSync('git', ['check-ref-format', '--branch', branch]).status === 0

/** Titles as people and mischief write them: any script, and more of what means something to git, to a shell or to a screen. */
const title = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 255 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }),
  fc.array(fc.constantFrom(
    '..', '~', '^', ':', '\\', '?', '*', '[', '@{', '@', '/', '//', '.', '.lock', '-', ' ', 'HEAD', 'refs/heads/',
    '\u0000', '\u202E', '\u200B', '🎓', '環境', 'й', 'é', 'A', '7', 'deadbeef',
  ), { minLength: 1, maxLength: 60 }).map(parts => parts.join('')),
)
const kind = fc.constantFrom('challenge', 'task')
const index = fc.integer({ min: 1, max: 999_999 })
const nameOf = (kind: 'challenge' | 'task', index: number, title: string, taken?: string[]) =>
  workspaceName(kind, index, workspaceSlug(kind, index, title, taken))

describe('the name of a workspace', () => {
  it.each([
    ['Admin Experience Update', 'challenge/007-admin-experience-update'],
    ['Настройка окружения', 'challenge/007-nastroyka-okruzheniya'],
    ['HEAD', 'challenge/007-head'],
    ['a..b~c^d:e\\f', 'challenge/007-a-b-c-d-e-f'],
    ['0123456789abcdef0123456789abcdef01234567', 'challenge/007-0123456789abcdef0123456789abcdef01234567'],
  ])('of "%s" is %s', (title, name) => {
    expect(nameOf('challenge', 7, title)).toBe(name)
  })

  it('is one that git takes, for any title, of 100 characters at most', () => {
    fc.assert(fc.property(kind, index, title, (kind, index, title) => {
      const name = nameOf(kind, index, title)
      expect(name).toMatch(/^(challenge|task)\/\d{3,6}-[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(name.length).toBeLessThanOrEqual(100)
      expect(nameOf(kind, index, title), 'it is always the same').toBe(name)
    }), { numRuns: 1_000 })
    fc.assert(fc.property(kind, index, title, (kind, index, title) => gitTakes(nameOf(kind, index, title))), { numRuns: 60 })
  })

  it('is another for each task, however many have one title', () => {
    const alike = fc.oneof(title, fc.constantFrom('Same', 'same', 'x'.repeat(255), '🎓'))
    fc.assert(fc.property(index, fc.array(alike, { minLength: 2, maxLength: 30 }), (index, titles) => {
      const taken: string[] = []
      for (const title of [...titles, ...titles]) taken.push(workspaceSlug('task', index, title, taken))
      expect(new Set(taken).size).toBe(taken.length)
      for (const slug of taken) expect(workspaceName('task', index, slug).length).toBeLessThanOrEqual(100)
    }))
  })

  it('never meets that of another challenge', () => {
    fc.assert(fc.property(index, index, title, title, (one, other, a, b) => {
      fc.pre(one !== other)
      expect(nameOf('task', one, a)).not.toBe(nameOf('task', other, b))
    }))
  })
})

describe('a base branch', () => {
  const accepts = (base_branch: string) => WorkspaceSpec.safeParse({ base_branch }).success

  it.each(['main', 'feature/x', 'head', 'release-1.0', '函数', 'a@b', '0123456789abcdef'])('may be "%s"', (branch) => {
    expect([accepts(branch), gitTakes(branch)]).toEqual([true, true])
  })

  it.each([
    '', '-x', '--upload-pack=x', 'a..b', 'a~1', 'a^', 'a:b', 'a\\b', 'a b', 'a?', 'a*', 'a[', '@', 'HEAD', 'a@{1}',
    '/a', 'a/', 'a//b', 'a.', '.a', 'a/.b', 'a.lock', 'a.lock/b', 'refs/heads/a',
    'a\nb', 'a\u0000b', 'a\u007Fb', 'a\u202Eb', 'a'.repeat(40), 'A0'.repeat(20), 'x'.repeat(201),
  ])('may not be "%s"', (branch) => {
    expect(accepts(branch)).toBe(false)
  })

  it('that is accepted is one that git takes', () => {
    const text = fc.array(fc.constantFrom(
      'a', 'b', '/', '.', '..', '.lock', '@', '{', '-', '~', '^', ':', '\\', ' ', '*', '環', 'HEAD', '\u0007', '\u2066',
    ), { minLength: 1, maxLength: 8 }).map(parts => parts.join(''))
    fc.assert(fc.property(text.filter(accepts), gitTakes), { numRuns: 80 })
  })
})
