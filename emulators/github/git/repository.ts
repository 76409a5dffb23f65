import git from 'isomorphic-git'
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { GitFs } from './atomic-fs.ts'

/** Handle of a bare repository, in isomorphic-git's format. */
export interface GitRepository {
  fs: GitFs
  gitdir: string
  /** isomorphic-git's cache of pack indexes. */
  cache: object
  /** Sha by full ref name, read once. Only this process changes refs, or a push, which drops the handle. */
  refs?: Promise<Map<string, string>>
}

const FOLDERS = ['', 'objects', 'objects/info', 'objects/pack', 'refs', 'refs/heads', 'refs/tags']

/** Creates an empty bare repository with HEAD on `branch`. */
export function initRepository(repository: GitRepository, branch: string): void {
  for (const folder of FOLDERS) mkdirSync(join(repository.gitdir, folder))
  repository.fs.writeAtomic(join(repository.gitdir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n')
  setHead(repository, branch)
  repository.refs = Promise.resolve(new Map())
}

/** Points HEAD at a branch. The branch need not exist. */
export function setHead(repository: GitRepository, branch: string): void {
  repository.fs.writeAtomic(join(repository.gitdir, 'HEAD'), `ref: refs/heads/${branch}\n`)
}

/** Sha of a full ref name (`refs/heads/main`), undefined if the ref does not exist. */
export async function readRef(repository: GitRepository, ref: string): Promise<string | undefined> {
  return (await refsOf(repository)).get(ref)
}

/** All refs below `prefix` (`refs/heads`), sorted by full name. */
export async function listRefs(repository: GitRepository, prefix: string): Promise<{ ref: string, sha: string }[]> {
  return [...await refsOf(repository)]
    .filter(([ref]) => ref.startsWith(`${prefix}/`))
    .map(([ref, sha]) => ({ ref, sha }))
    .sort((a, b) => a.ref < b.ref ? -1 : 1)
}

/** An existing ref that a file system cannot hold together with `ref`, such as `a/b` with `a`. */
export async function conflictingRef(repository: GitRepository, ref: string): Promise<string | undefined> {
  return [...(await refsOf(repository)).keys()].find(other => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`))
}

/** Creates or moves a ref. The caller checks the permissions. */
export async function writeRef(repository: GitRepository, ref: string, sha: string): Promise<void> {
  const refs = await refsOf(repository)
  const file = join(repository.gitdir, ref)
  if (!refs.has(ref)) removeEmptyFolders(file)
  repository.fs.writeAtomic(file, `${sha}\n`)
  refs.set(ref, sha)
}

export async function deleteRef(repository: GitRepository, ref: string): Promise<void> {
  const refs = await refsOf(repository)
  await git.deleteRef({ ...repository, ref })
  refs.delete(ref)
}

/** Whether an error of isomorphic-git means that an object or ref does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'NotFoundError'
}

function refsOf(repository: GitRepository): Promise<Map<string, string>> {
  repository.refs ??= readRefs(repository)
  return repository.refs
}

async function readRefs(repository: GitRepository): Promise<Map<string, string>> {
  const names = await git.listRefs({ ...repository, filepath: 'refs' })
  return new Map(await Promise.all(names.map(async (name): Promise<[string, string]> => {
    const ref = `refs/${name}`
    return [ref, await git.resolveRef({ ...repository, ref })]
  })))
}

/** A deleted ref `a/b` leaves the folder `a`, which blocks the creation of a ref `a`. */
function removeEmptyFolders(path: string): void {
  let entries: string[]
  try {
    entries = readdirSync(path)
  }
  catch {
    return // not a folder
  }
  for (const entry of entries) removeEmptyFolders(join(path, entry))
  rmdirSync(path)
}
