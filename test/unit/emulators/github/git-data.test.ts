import { describe, expect, it } from 'vitest'
import { createRepo, rejection, useGitHub } from '../support/emulators.ts'

const github = useGitHub()

/** A repository with the sha of its first commit. */
async function setup() {
  const at = await createRepo(github)
  const api = github.octokit()
  const { data } = await api.git.getRef({ ...at, ref: 'heads/main' })
  const commit = async (message: string, parent: string, files: Record<string, string | null> = { [message]: message }) => {
    const tree = Object.entries(files).map(([path, content]) => content === null
      ? { path, mode: '100644' as const, type: 'blob' as const, sha: null }
      : { path, mode: '100644' as const, type: 'blob' as const, content })
    const { data: created } = await api.git.createTree({ ...at, base_tree: parent, tree })
    const author = { name: 'Ada', email: 'ada@example.com', date: '2026-01-01T00:00:00Z' }
    const change = { ...at, message, tree: created.sha, parents: [parent], author, committer: author }
    return (await api.git.createCommit(change)).data.sha
  }
  return { at, api, first: data.object.sha, commit }
}

describe('objects', () => {
  it('gives the same sha for the same commit, as git computes it', async () => {
    const { at, api, first } = await setup()
    const file = { path: 'a/b.md', mode: '100644', type: 'blob', content: 'hello\n' } as const
    const { data: tree } = await api.git.createTree({ ...at, tree: [file] })
    expect(tree.tree).toMatchObject([{ path: 'a', mode: '040000', type: 'tree' }])
    // `git hash-object` of "hello\n"
    const { data: whole } = await api.git.getTree({ ...at, tree_sha: tree.sha, recursive: '1' })
    expect(whole.tree[1]).toMatchObject({ path: 'a/b.md', sha: 'ce013625030ba8dba906f756967f9e9ca394464a', size: 6 })
    const author = { name: 'Ada', email: 'ada@example.com', date: '2026-01-01T10:00:00+02:00' }
    const create = (message: string) => api.git.createCommit({ ...at, message, tree: tree.sha, parents: [first], author })
    const [one, two, other] = await Promise.all([create('Seed'), create('Seed'), create('Other')])
    expect(one.data.sha).toBe(two.data.sha)
    expect(other.data.sha).not.toBe(one.data.sha)
    expect(one.data).toMatchObject({
      message: 'Seed',
      author: { name: 'Ada', date: '2026-01-01T08:00:00Z' },
      committer: { name: 'Ada' },
    })
  })

  it('adds to a base tree, replaces files and deletes them', async () => {
    const { at, api, first, commit } = await setup()
    const second = await commit('second', first, { 'docs/a.md': 'a', 'docs/b.md': 'b' })
    const third = await commit('third', second, { 'docs/a.md': null, 'docs/b.md': null, 'c.md': 'c' })
    const paths = async (sha: string) =>
      (await api.git.getTree({ ...at, tree_sha: sha, recursive: '1' })).data.tree.map(entry => entry.path)
    expect(await paths(second)).toEqual(['README.md', 'docs', 'docs/a.md', 'docs/b.md'])
    expect(await paths(third)).toEqual(['README.md', 'c.md'])
  })

  it('refuses invalid objects', async () => {
    const { at, api, first } = await setup()
    const none = '1'.repeat(40)
    const tree = (entry: object) =>
      api.git.createTree({ ...at, tree: [{ path: 'a', mode: '100644', type: 'blob', ...entry }] })
    expect(await rejection(tree({ sha: none }))).toMatchObject({ status: 422 })
    expect(await rejection(tree({ path: '../a', content: '' }))).toMatchObject({ status: 422 })
    expect(await rejection(tree({ path: '.git/config', content: '' }))).toMatchObject({ status: 422 })
    expect(await rejection(tree({ mode: '777', content: '' }))).toMatchObject({ status: 422 })
    expect(await rejection(api.git.createTree({ ...at, base_tree: none, tree: [] }))).toMatchObject({ status: 422 })
    expect(await rejection(api.git.createCommit({ ...at, message: 'x', tree: none }))).toMatchObject({ status: 422 })
    const { data: { tree: { sha } } } = await api.git.getCommit({ ...at, commit_sha: first })
    expect(await rejection(api.git.createCommit({ ...at, message: 'x', tree: sha, parents: [none] }))).toMatchObject({ status: 422 })
    expect(await rejection(api.git.getCommit({ ...at, commit_sha: none }))).toMatchObject({ status: 404 })
  })

  it('stores blobs byte for byte', async () => {
    const { at, api } = await setup()
    const bytes = Buffer.from([0, 255, 10, 13, 128])
    const { data } = await api.git.createBlob({ ...at, content: bytes.toString('base64'), encoding: 'base64' })
    const { data: read } = await api.git.getBlob({ ...at, file_sha: data.sha })
    expect(Buffer.from(read.content, 'base64')).toEqual(bytes)
  })
})

it('answers 409 from the git database of an empty repository', async () => {
  const at = await createRepo(github, 'empty', { auto_init: false })
  const api = github.octokit()
  const calls = [
    api.git.getRef({ ...at, ref: 'heads/main' }),
    api.git.createTree({ ...at, tree: [] }),
    api.git.createBlob({ ...at, content: '' }),
    api.repos.listCommits(at),
  ]
  for (const error of await Promise.all(calls.map(rejection))) {
    expect(error).toMatchObject({ status: 409, message: 'Git Repository is empty.' })
  }
  expect((await api.repos.listBranches(at)).data).toEqual([])
})

describe('refs', () => {
  it('are created once by concurrent calls', async () => {
    const { at, api, first } = await setup()
    const create = () => api.git.createRef({ ...at, ref: 'refs/heads/challenge/007', sha: first })
    const status = () => create().then(() => 201, (error: { status: number }) => error.status)
    const results = await Promise.all(Array.from({ length: 10 }, status))
    expect(results.sort()).toEqual([201, ...Array.from({ length: 9 }, () => 422)])
    expect(await rejection(create())).toMatchObject({ status: 422, message: 'Reference already exists' })
  })

  it('are refused if git cannot store them', async () => {
    const { at, api, first } = await setup()
    const create = (ref: string, sha = first) => rejection(api.git.createRef({ ...at, ref, sha }))
    await api.git.createRef({ ...at, ref: 'refs/heads/challenge/007', sha: first })
    expect(await create('refs/heads/challenge')).toMatchObject({ status: 422 })
    expect(await create('refs/heads/challenge/007/x')).toMatchObject({ status: 422 })
    expect(await create('refs/heads/x', '1'.repeat(40))).toMatchObject({ status: 422, message: 'Object does not exist' })
    const invalid = ['a..b', 'a b', 'a.lock', '', '.a', 'a~1', 'a@{b'].map(name => `refs/heads/${name}`)
    for (const ref of ['heads/x', 'refs/heads', ...invalid]) {
      expect(await create(ref), ref).toMatchObject({ status: 422 })
    }
    await api.git.deleteRef({ ...at, ref: 'heads/challenge/007' })
    await api.git.createRef({ ...at, ref: 'refs/heads/challenge', sha: first })
  })

  it('move forward, and back only with force', async () => {
    const { at, api, first, commit } = await setup()
    const second = await commit('second', first)
    const rival = await commit('rival', first)
    const update = (sha: string, force = false, ref = 'heads/main') =>
      api.git.updateRef({ ...at, ref, sha, force })
    await update(second)
    expect(await rejection(update(rival))).toMatchObject({ status: 422, message: 'Update is not a fast forward' })
    await update(rival, true)
    expect(await rejection(update(second, true, 'heads/none')))
      .toMatchObject({ status: 422, message: 'Reference does not exist' })
    expect((await api.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha).toBe(rival)
    expect(await rejection(api.git.deleteRef({ ...at, ref: 'heads/none' }))).toMatchObject({ status: 422 })
  })

  it('are listed by prefix', async () => {
    const { at, api, first } = await setup()
    for (const name of ['task/1', 'task/10', 'tasks']) await api.git.createRef({ ...at, ref: `refs/heads/${name}`, sha: first })
    const { data } = await api.git.listMatchingRefs({ ...at, ref: 'heads/task/' })
    expect(data.map(ref => ref.ref)).toEqual(['refs/heads/task/1', 'refs/heads/task/10'])
  })
})

it('compares branches', async () => {
  const { at, api, first, commit } = await setup()
  const ahead = await commit('ahead', await commit('between', first))
  const sibling = await commit('sibling', first)
  const compare = async (base: string, head: string) => {
    const { data } = await api.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}` })
    return [data.status, data.ahead_by, data.behind_by, data.merge_base_commit.sha]
  }
  expect(await compare('main', ahead)).toEqual(['ahead', 2, 0, first])
  expect(await compare(ahead, 'main')).toEqual(['behind', 0, 2, first])
  expect(await compare(ahead, sibling)).toEqual(['diverged', 1, 2, first])
  expect(await compare('main', first)).toEqual(['identical', 0, 0, first])
})
