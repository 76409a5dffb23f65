import { readBlob, readTree, writeBlob, writeTree } from './objects.ts'
import type { TreeEntry } from './objects.ts'
import type { GitRepository } from './repository.ts'

/** The change of a path: a new blob, tree or submodule; null removes it. */
export type Change = { mode: string, type: 'blob' | 'tree' | 'commit', oid: string } | null

/**
 * Writes the tree that results from `base` and `changes` (slash-separated paths).
 * @returns its sha, undefined for an empty tree
 */
export async function changeTree(
  repository: GitRepository,
  base: string | undefined,
  changes: Map<string, Change>,
): Promise<string | undefined> {
  const entries = new Map<string, TreeEntry>()
  const read = base === undefined ? undefined : await readTree(repository, base)
  for (const entry of read?.entries ?? []) entries.set(entry.path, entry)

  const below = new Map<string, Map<string, Change>>()
  for (const [path, change] of changes) {
    const slash = path.indexOf('/')
    if (slash === -1) {
      if (change === null) entries.delete(path)
      else entries.set(path, { path, ...change })
      continue
    }
    const folder = path.slice(0, slash)
    const inner = below.get(folder) ?? new Map<string, Change>()
    below.set(folder, inner.set(path.slice(slash + 1), change))
  }
  for (const [path, inner] of below) {
    const old = entries.get(path)
    const oid = await changeTree(repository, old?.type === 'tree' ? old.oid : undefined, inner)
    if (oid === undefined) entries.delete(path)
    else entries.set(path, { path, mode: '040000', type: 'tree', oid })
  }
  return entries.size === 0 ? undefined : writeTree(repository, [...entries.values()])
}

/** All entries of a tree, recursively, with full paths. Parents come before children. */
export async function walkTree(repository: GitRepository, tree: string, prefix = ''): Promise<TreeEntry[]> {
  const all: TreeEntry[] = []
  for (const entry of (await readTree(repository, tree))?.entries ?? []) {
    const path = prefix + entry.path
    all.push({ ...entry, path })
    if (entry.type === 'tree') all.push(...await walkTree(repository, entry.oid, `${path}/`))
  }
  return all
}

/** Copies a tree, recursively, to another repository. @returns its sha, which stays the same */
export async function copyTree(from: GitRepository, tree: string, to: GitRepository): Promise<string> {
  const entries = (await readTree(from, tree))?.entries ?? []
  for (const { type, oid } of entries) {
    if (type === 'tree') await copyTree(from, oid, to)
    else if (type === 'blob') writeBlob(to, await readBlob(from, oid) ?? new Uint8Array())
  }
  return writeTree(to, entries)
}

type Found = Pick<TreeEntry, 'oid' | 'type' | 'mode'>

/** The object at a path of a tree. The empty path is the tree itself. */
export async function findInTree(repository: GitRepository, tree: string, path: string): Promise<Found | undefined> {
  let found: Found = { oid: tree, type: 'tree', mode: '040000' }
  for (const part of path.split('/').filter(Boolean)) {
    if (found.type !== 'tree') return undefined
    const entries = (await readTree(repository, found.oid))?.entries ?? []
    const next = entries.find(entry => entry.path === part)
    if (next === undefined) return undefined
    found = next
  }
  return found
}
