import git from 'isomorphic-git'
import type { ReadCommitResult, TreeEntry } from 'isomorphic-git'
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { GitRepository } from './repository.ts'
import { isMissing } from './repository.ts'

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'
export type Commit = ReadCommitResult
export type { TreeEntry } from 'isomorphic-git'

/** Who wrote a commit, and when: seconds since 1970 and the offset as git writes it (`+0200`). */
export interface Signature {
  name: string
  email: string
  timestamp: number
  offset: string
}

export interface NewCommit {
  tree: string
  parents: string[]
  author: Signature
  committer: Signature
  message: string
}

/**
 * Writes an object and returns its sha. Hashing and deflating by node's own zlib and crypto is ten times
 * faster than the portable way that isomorphic-git takes.
 */
async function writeObject(repository: GitRepository, type: ObjectType, content: Uint8Array): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])
  const oid = createHash('sha1').update(whole).digest('hex')
  await git.writeObject({ ...repository, format: 'deflated', oid, object: deflateSync(whole) })
  return oid
}

export async function writeBlob(repository: GitRepository, content: Uint8Array): Promise<string> {
  return await writeObject(repository, 'blob', content)
}

/** Writes one tree level; entries may come in any order. */
export async function writeTree(repository: GitRepository, entries: TreeEntry[]): Promise<string> {
  const key = (entry: TreeEntry) => Buffer.from(entry.type === 'tree' ? `${entry.path}/` : entry.path)
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)))
  const parts = sorted.flatMap(entry => [
    Buffer.from(`${entry.mode.replace(/^0+/, '')} ${entry.path}\0`),
    Buffer.from(entry.oid, 'hex'),
  ])
  return await writeObject(repository, 'tree', Buffer.concat(parts))
}

/** Writes a commit with the message exactly as given: the same input gives the same sha, as on GitHub. */
export async function writeCommit(repository: GitRepository, commit: NewCommit): Promise<string> {
  const sign = (by: Signature) => `${by.name} <${by.email}> ${by.timestamp} ${by.offset}`
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map(parent => `parent ${parent}`),
    `author ${sign(commit.author)}`,
    `committer ${sign(commit.committer)}`,
    '',
    commit.message,
  ]
  return await writeObject(repository, 'commit', Buffer.from(lines.join('\n')))
}

/** Type of an object, undefined when it is not there. */
export async function objectType(repository: GitRepository, oid: string): Promise<ObjectType | undefined> {
  if (!/^[0-9a-f]{40}$/.test(oid)) return undefined
  return await orUndefined(git.readObject({ ...repository, oid, format: 'parsed' }).then(read => read.type as ObjectType))
}

export async function readBlob(repository: GitRepository, oid: string): Promise<Uint8Array | undefined> {
  if (await objectType(repository, oid) !== 'blob') return undefined
  return (await git.readBlob({ ...repository, oid })).blob
}

/** A commit, or the one that an annotated tag points at. */
export async function readCommit(repository: GitRepository, oid: string): Promise<Commit | undefined> {
  const type = await objectType(repository, oid)
  return type === 'commit' || type === 'tag' ? await orUndefined(git.readCommit({ ...repository, oid })) : undefined
}

/** Entries of a tree, or of the tree of a commit or tag; the sha of that tree comes with them. */
export async function readTree(repository: GitRepository, oid: string): Promise<{ sha: string, entries: TreeEntry[] } | undefined> {
  const type = await objectType(repository, oid)
  if (type === undefined || type === 'blob') return undefined
  const { oid: sha, tree } = await git.readTree({ ...repository, oid })
  return { sha, entries: tree }
}

/** Size of a blob in bytes, 0 when it is not there. */
export async function blobSize(repository: GitRepository, oid: string): Promise<number> {
  return (await readBlob(repository, oid))?.length ?? 0
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  }
  catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
