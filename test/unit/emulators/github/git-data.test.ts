import { describe, expect, it } from 'vitest'
import { makeRepo, refusal, useGitHub } from '../support/emulators.ts'

const github = useGitHub()

/** A repository with the sha of its first commit. */
async function setup() {
  const at = await makeRepo(github)
  const api = github.octokit()
  const { data } = await api.git.getRef({ ...at, ref: 'heads/main' })
  const commit = async (message: string, parent: string, files: Record<string, string | null> = { [message]: message }) => {
    const tree = Object.entries(files).map(([path, content]) => content === null
      ? { path, mode: '100644' as const, type: 'blob' as const, sha: null }
      : { path, mode: '100644' as const, type: 'blob' as const, content })
    const { data: made } = await api.git.createTree({ ...at, base_tree: parent, tree })
    const by = { name: 'Ada', email: 'ada@example.com', date: '2026-01-01T00:00:00Z' }
    return (await api.git.createCommit({ ...at, message, tree: made.sha, parents: [parent], author: by, committer: by })).data.sha
  }
  return { at, api, first: data.object.sha, commit }
}

describe('objects', () => {
  it('gives the same sha for the same commit, as git computes it', async () => {
    const { at, api, first } = await setup()
    const { data: tree } = await api.git.createTree({ ...at, tree: [{ path: 'a/b.md', mode: '100644', type: 'blob', content: 'hello\n' }] })
    expect(tree.tree).toMatchObject([{ path: 'a', mode: '040000', type: 'tree' }])
    // `git hash-object` of "hello\n"
    const { data: whole } = await api.git.getTree({ ...at, tree_sha: tree.sha, recursive: '1' })
    expect(whole.tree[1]).toMatchObject({ path: 'a/b.md', sha: 'ce013625030ba8dba906f756967f9e9ca394464a', size: 6 })
    const by = { name: 'Ada', email: 'ada@example.com', date: '2026-01-01T10:00:00+02:00' }
    const make = (message: string) => api.git.createCommit({ ...at, message, tree: tree.sha, parents: [first], author: by })
    const [one, two, other] = await Promise.all([make('Seed'), make('Seed'), make('Other')])
    expect(one.data.sha).toBe(two.data.sha)
    expect(other.data.sha).not.toBe(one.data.sha)
    expect(one.data).toMatchObject({ message: 'Seed', author: { name: 'Ada', date: '2026-01-01T08:00:00Z' }, committer: { name: 'Ada' } })
  })

  it('adds to a base tree, replaces and deletes', async () => {
    const { at, api, first, commit } = await setup()
    const second = await commit('second', first, { 'docs/a.md': 'a', 'docs/b.md': 'b' })
    const third = await commit('third', second, { 'docs/a.md': null, 'docs/b.md': null, 'c.md': 'c' })
    const paths = async (sha: string) => (await api.git.getTree({ ...at, tree_sha: sha, recursive: '1' })).data.tree.map(entry => entry.path)
    expect(await paths(second)).toEqual(['README.md', 'docs', 'docs/a.md', 'docs/b.md'])
    expect(await paths(third)).toEqual(['README.md', 'c.md'])
  })

  it('refuses objects that cannot be', async () => {
    const { at, api, first } = await setup()
    const none = '1'.repeat(40)
    const tree = (entry: object) => api.git.createTree({ ...at, tree: [{ path: 'a', mode: '100644', type: 'blob', ...entry }] })
    expect(await refusal(tree({ sha: none }))).toMatchObject({ status: 422 })
    expect(await refusal(tree({ path: '../a', content: '' }))).toMatchObject({ status: 422 })
    expect(await refusal(tree({ path: '.git/config', content: '' }))).toMatchObject({ status: 422 })
    expect(await refusal(tree({ mode: '777', content: '' }))).toMatchObject({ status: 422 })
    expect(await refusal(api.git.createTree({ ...at, base_tree: none, tree: [] }))).toMatchObject({ status: 422 })
    expect(await refusal(api.git.createCommit({ ...at, message: 'x', tree: none }))).toMatchObject({ status: 422 })
    expect(await refusal(api.git.createCommit({ ...at, message: 'x', tree: (await api.git.getCommit({ ...at, commit_sha: first })).data.tree.sha, parents: [none] }))).toMatchObject({ status: 422 })
    expect(await refusal(api.git.getCommit({ ...at, commit_sha: none }))).toMatchObject({ status: 404 })
  })

  it('keeps blobs byte for byte', async () => {
    const { at, api } = await setup()
    const bytes = Buffer.from([0, 255, 10, 13, 128])
    const { data } = await api.git.createBlob({ ...at, content: bytes.toString('base64'), encoding: 'base64' })
    const { data: read } = await api.git.getBlob({ ...at, file_sha: data.sha })
    expect(Buffer.from(read.content, 'base64')).toEqual(bytes)
  })
})

it('answers 409 on the git database of an empty repository', async () => {
  const at = await makeRepo(github, 'empty', { auto_init: false })
  const api = github.octokit()
  const calls = [api.git.getRef({ ...at, ref: 'heads/main' }), api.git.createTree({ ...at, tree: [] }), api.git.createBlob({ ...at, content: '' }), api.repos.listCommits(at)]
  for (const refused of await Promise.all(calls.map(refusal))) expect(refused).toMatchObject({ status: 409, message: 'Git Repository is empty.' })
  expect((await api.repos.listBranches(at)).data).toEqual([])
})

describe('refs', () => {
  it('are created once, also when many ask at once', async () => {
    const { at, api, first } = await setup()
    const create = () => api.git.createRef({ ...at, ref: 'refs/heads/challenge/007', sha: first })
    const results = await Promise.all(Array.from({ length: 10 }, () => create().then(() => 201, (error: { status: number }) => error.status)))
    expect(results.sort()).toEqual([201, ...Array.from({ length: 9 }, () => 422)])
    expect(await refusal(create())).toMatchObject({ status: 422, message: 'Reference already exists' })
  })

  it('refuse what git cannot hold', async () => {
    const { at, api, first } = await setup()
    const create = (ref: string, sha = first) => refusal(api.git.createRef({ ...at, ref, sha }))
    await api.git.createRef({ ...at, ref: 'refs/heads/challenge/007', sha: first })
    expect(await create('refs/heads/challenge')).toMatchObject({ status: 422 })
    expect(await create('refs/heads/challenge/007/x')).toMatchObject({ status: 422 })
    expect(await create('refs/heads/x', '1'.repeat(40))).toMatchObject({ status: 422, message: 'Object does not exist' })
    for (const ref of ['heads/x', 'refs/heads', 'refs/heads/a..b', 'refs/heads/a b', 'refs/heads/a.lock', 'refs/heads/', 'refs/heads/.a', 'refs/heads/a~1', 'refs/heads/a@{b']) {
      expect(await create(ref), ref).toMatchObject({ status: 422 })
    }
    await api.git.deleteRef({ ...at, ref: 'heads/challenge/007' })
    await api.git.createRef({ ...at, ref: 'refs/heads/challenge', sha: first })
  })

  it('move forward, and back only by force', async () => {
    const { at, api, first, commit } = await setup()
    const second = await commit('second', first)
    const rival = await commit('rival', first)
    const update = (sha: string, force = false, ref = 'heads/main') => api.git.updateRef({ ...at, ref, sha, force })
    await update(second)
    expect(await refusal(update(rival))).toMatchObject({ status: 422, message: 'Update is not a fast forward' })
    await update(rival, true)
    expect(await refusal(update(second, true, 'heads/none'))).toMatchObject({ status: 422, message: 'Reference does not exist' })
    expect((await api.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha).toBe(rival)
    expect(await refusal(api.git.deleteRef({ ...at, ref: 'heads/none' }))).toMatchObject({ status: 422 })
  })

  it('are listed by their beginning', async () => {
    const { at, api, first } = await setup()
    for (const name of ['task/1', 'task/10', 'tasks']) await api.git.createRef({ ...at, ref: `refs/heads/${name}`, sha: first })
    const { data } = await api.git.listMatchingRefs({ ...at, ref: 'heads/task/' })
    expect(data.map(ref => ref.ref)).toEqual(['refs/heads/task/1', 'refs/heads/task/10'])
  })
})

it('compares branches', async () => {
  const { at, api, first, commit } = await setup()
  const ahead = await commit('ahead', await commit('between', first))
  const beside = await commit('beside', first)
  const compare = async (base: string, head: string) => {
    const { data } = await api.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}` })
    return [data.status, data.ahead_by, data.behind_by, data.merge_base_commit.sha]
  }
  expect(await compare('main', ahead)).toEqual(['ahead', 2, 0, first])
  expect(await compare(ahead, 'main')).toEqual(['behind', 0, 2, first])
  expect(await compare(ahead, beside)).toEqual(['diverged', 1, 2, first])
  expect(await compare('main', first)).toEqual(['identical', 0, 0, first])
})
