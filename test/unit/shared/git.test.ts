import { describe, expect, it } from 'vitest'
import { branchRule, pathRule, repositoryUrlRule } from '../../../shared/schemas/git.ts'

const accepts = (rule: { safeParse: (value: string) => { success: boolean } }) => (value: string) => rule.safeParse(value).success

describe('a branch', () => {
  it.each(['main', 'docs/v2', 'feature/ż', 'release-1.2', 'a_b'])('may be %s', name => expect(accepts(branchRule)(name)).toBe(true))
  it.each([
    'main;touch x', '--upload-pack=touch', '-b', '../..', '/etc', 'a..b',
    'refs/heads/x', '@', 'HEAD', 'a b', 'a\nb', 'a\0b', 'a~1', 'a^', 'a:b',
    'x.lock', 'a\u202Eb', '0123456789012345678901234567890123456789', 'x'.repeat(201), '',
  ])('may not be %j', name => expect(accepts(branchRule)(name)).toBe(false))
})

describe('a path', () => {
  it.each(['docs', 'docs/content', 'a b/ż.md', '.github', 'docs/..a'])('may be %s', path => expect(accepts(pathRule)(path)).toBe(true))
  it.each([
    '../..', 'docs/../..', '..', './docs', '/etc/passwd', '//host/share', '\\\\host', 'a\\..\\b', 'C:/x',
    '~/x', '-rf', '--upload-pack=x', '.git/config',
    'docs/.GIT/hooks', 'a\0b', 'a\nb', 'a\u202Eb', ':(top)x', '*', 'x'.repeat(501), '',
  ])('may not be %j', path => expect(accepts(pathRule)(path)).toBe(false))
})

describe('a repository', () => {
  it.each(['https://github.com/owner/name', 'https://github.com/owner/name.git', 'HTTPS://GitHub.com/owner/name',
    'https://git.example.org:8443/a/b.git'])(
    'may be at %s', url => expect(accepts(repositoryUrlRule)(url)).toBe(true))
  it.each([
    'ext::sh -c touch% x', 'EXT::sh', 'file:///etc', 'FILE:///etc', 'ssh://git@host/a', 'SSH://host/a', 'git://host/a',
    'GIT://host/a', 'git@github.com:a/b',
    'http://github.com/a/b', '/etc', '../..', '--upload-pack=touch', 'https:/github.com/a', 'https:github.com/a/b', 'https:///a',
    'https://user:pass@github.com/a/b', 'https://token@github.com/a/b', 'https://@github.com/a/b', 'https://github.com/a/b?x=1',
    'https://github.com/a/b#x',
    'https://localhost/a', 'https://LOCALHOST/a', 'https://127.0.0.1/a', 'https://127.1/a', 'https://2130706433/a',
    'https://0x7f.1/a', 'https://[::1]/a',
    'https://169.254.169.254/latest', 'https://10.0.0.1/a', 'https://metadata/a', 'https://db.internal/a', 'https://printer.local/a',
    'https://x.localhost/a',
    'https://github.com/a\nb', 'https://github.com/a\tb', 'https://github.com/a b', 'https://github.com\\@evil.example/a',
    'https://github.com/\u202Ea', '',
  ])('may not be at %j', url => expect(accepts(repositoryUrlRule)(url)).toBe(false))
})
