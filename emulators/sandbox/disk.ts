import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What lies in a sandbox from the start. */
const FOLDERS = ['vercel/sandbox', 'home/vercel-sandbox', 'tmp', 'etc']
const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nvercel-sandbox:x:1000:1000::/home/vercel-sandbox:/bin/sh\n',
  'etc/group': 'root:x:0:\nvercel-sandbox:x:1000:\n',
  'etc/hosts': '127.0.0.1 localhost sandbox\n::1 localhost\n',
}

/** The files of sandboxes and of snapshots, each in a folder that only its owner may enter. */
export class Disk {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The files of a session. */
  sessionFolder = (id: string): string => join(this.#folder, 'sessions', id)
  snapshotFolder = (id: string): string => join(this.#folder, 'snapshots', id)

  async prepare(): Promise<void> {
    for (const name of ['sessions', 'snapshots']) await mkdir(join(this.#folder, name), { recursive: true, mode: 0o700 })
  }

  /** Makes the folder of a session: empty, or with the files of a snapshot. */
  async create(session: string, snapshot?: string): Promise<void> {
    const folder = this.sessionFolder(session)
    if (snapshot !== undefined) await copy(this.snapshotFolder(snapshot), folder)
    for (const path of FOLDERS) await mkdir(join(folder, path), { recursive: true, mode: 0o700 })
    for (const [path, text] of Object.entries(FILES)) await writeFile(join(folder, path), text)
  }

  /** Makes the files of a session, which must have stopped, those of a snapshot. */
  async keep(session: string, snapshot: string): Promise<void> {
    await rename(this.sessionFolder(session), this.snapshotFolder(snapshot))
  }

  removeSession = (id: string): Promise<void> => remove(this.sessionFolder(id))
  removeSnapshot = (id: string): Promise<void> => remove(this.snapshotFolder(id))

  /** Removes what a crash left of sessions that do not run. */
  removeOthers(running: string[]): void {
    const report = (error: unknown) => console.error('emulator: a sandbox stays on the disk:', error)
    for (const id of readdirSync(join(this.#folder, 'sessions')))
      if (!running.includes(id)) void this.removeSession(id).catch(report)
  }

  async clear(): Promise<void> {
    for (const name of ['sessions', 'snapshots']) await remove(join(this.#folder, name))
    await this.prepare()
  }
}

/** Programs of a sandbox may have taken away the rights that its removal needs. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(async () => {
    await promisify(execFile)('chmod', ['-R', 'u+rwX', '--', folder]).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  })
}

/** `cp` of the system copies many small files several times faster than Node, and no bytes where the file system shares them. */
async function copy(from: string, to: string): Promise<void> {
  if (process.platform !== 'linux') return cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  await promisify(execFile)('cp', ['-a', '--reflink=auto', '--', from, to])
}
