import git from 'isomorphic-git'
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { GitFs } from './atomic-fs.ts'

/** Handle of one bare repository, in the form that isomorphic-git takes. */
export interface GitRepository {
  fs: GitFs
  gitdir: string
  /** Parsed pack indexes; objects never change, so they stay valid. */
  cache: object
  /** Sha by full ref name, read once: refs change only by this process, or by a push, after which the handle is dropped. */
  refs?: Promise<Map<string, string>>
}

const FOLDERS = ['', 'objects', 'objects/info', 'objects/pack', 'refs', 'refs/heads', 'refs/tags']

/** Lays out an empty bare repository whose HEAD is `branch`. */
export function initRepository(repository: GitRepository, branch: string): void {
  for (const folder of FOLDERS) mkdirSync(join(repository.gitdir, folder))
  repository.fs.writeWhole(join(repository.gitdir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n')
  setHead(repository, branch)
  repository.refs = Promise.resolve(new Map())
}

/** Points HEAD at a branch, which need not exist. */
export function setHead(repository: GitRepository, branch: string): void {
  repository.fs.writeWhole(join(repository.gitdir, 'HEAD'), `ref: refs/heads/${branch}\n`)
}

/** Sha of a full ref name (`refs/heads/main`), undefined when there is none. */
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

/** Name of a ref that a file system cannot hold beside `ref` (`a/b` beside `a`), undefined when there is none. */
export async function clashingRef(repository: GitRepository, ref: string): Promise<string | undefined> {
  return [...(await refsOf(repository)).keys()].find(other => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`))
}

/** Creates or moves a ref; whoever asks has checked that it may be. */
export async function writeRef(repository: GitRepository, ref: string, sha: string): Promise<void> {
  const refs = await refsOf(repository)
  const file = join(repository.gitdir, ref)
  if (!refs.has(ref)) removeEmptyFolders(file)
  repository.fs.writeWhole(file, `${sha}\n`)
  refs.set(ref, sha)
}

export async function deleteRef(repository: GitRepository, ref: string): Promise<void> {
  const refs = await refsOf(repository)
  await git.deleteRef({ ...repository, ref })
  refs.delete(ref)
}

/** True for the error with which isomorphic-git says that an object or ref is not there. */
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

/** A deleted ref `a/b` leaves the folder `a`, which would be in the way of a ref `a`. */
function removeEmptyFolders(path: string): void {
  let entries: string[]
  try {
    entries = readdirSync(path)
  }
  catch {
    return // nothing is in the way
  }
  for (const entry of entries) removeEmptyFolders(join(path, entry))
  rmdirSync(path)
}
