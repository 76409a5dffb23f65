import git from 'isomorphic-git'
import fs from 'node:fs/promises'
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

/** Lays out an empty bare repository whose HEAD is `branch`. */
export async function initRepository(repository: GitRepository, branch: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    await fs.mkdir(join(repository.gitdir, folder), { recursive: true })
  }
  await fs.writeFile(join(repository.gitdir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n')
  await setHead(repository, branch)
}

/** Points HEAD at a branch, which need not exist. */
export async function setHead(repository: GitRepository, branch: string): Promise<void> {
  await repository.fs.promises.writeFile(join(repository.gitdir, 'HEAD'), `ref: refs/heads/${branch}\n`)
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
  await removeEmptyFolders(join(repository.gitdir, ref))
  await git.writeRef({ ...repository, ref, value: sha, force: true })
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
async function removeEmptyFolders(path: string): Promise<void> {
  const entries = await fs.readdir(path).catch(() => undefined)
  if (entries === undefined) return
  for (const entry of entries) await removeEmptyFolders(join(path, entry))
  await fs.rmdir(path)
}
