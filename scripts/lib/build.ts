import { spawn } from 'node:child_process'
import { readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LaunchError } from './errors.ts'
import { acquireLock } from './lock.ts'
import { fromRoot } from './root.ts'
import { withoutSecrets } from './without-secrets.ts'

const sources = ['app', 'server', 'shared', 'public', 'nuxt.config.ts', 'workflows.config.ts', 'package-lock.json']
/** How long to wait for a concurrent build. */
const LOCK_TIMEOUT_MS = 300_000

/** The script of the built server. */
export const serverScript = fromRoot('.output', 'server', 'index.mjs')
/** The functions for Vercel, as input of `vercel deploy --prebuilt`. */
export const vercelOutput = fromRoot('.vercel', 'output')

interface Target {
  args: string[]
  /** Variables of the build beside the usual ones. */
  env?: Record<string, string>
  /** Sources beside the product's own. */
  sources?: string[]
  /** A file that every build has. */
  result: string
  /** The file that the build writes last, so that an interrupted build has none. */
  finished: string
}

const node: Target = { args: ['build'], result: serverScript, finished: fromRoot('.output', 'nitro.json') }
const vercel: Target = {
  args: ['build', '--preset', 'vercel'],
  result: join(vercelOutput, 'config.json'),
  finished: fromRoot('node_modules', '.cache', 'atelier', 'vercel.built'),
}

const modifiedAt = (path: string): Promise<number> => stat(path).then(({ mtimeMs }) => mtimeMs, () => 0)

/** The newest modification time of files and folders, recursively, in ms. 0 without files. */
export async function newest(paths: string[]): Promise<number> {
  const times = await Promise.all(paths.map(async (path) => {
    const inside = await readdir(path, { recursive: true }).catch(() => [])
    // The time of a folder changes when a file in it is removed.
    return Promise.all([path, ...inside.map(name => join(path, name))].map(modifiedAt))
  }))
  return Math.max(0, ...times.flat())
}

/** Whether a finished build exists that is not older than its sources. */
async function isBuilt({ finished, result, sources: more = [] }: Target): Promise<boolean> {
  const [built, changed] = await Promise.all([modifiedAt(finished), newest([...sources, ...more].map(name => fromRoot(name)))])
  return built >= changed && await modifiedAt(result) > 0
}

function nuxtBuild({ args, env }: Target, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fromRoot('node_modules', 'nuxt', 'bin', 'nuxt.mjs'), ...args], {
      cwd: fromRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      env: { ...withoutSecrets(process.env), NODE_ENV: 'production', ...env },
    })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', reject)
    child.once('close', code => code === 0
      ? resolve()
      : reject(new LaunchError(`The build failed:\n${Buffer.concat(output).toString().split('\n').slice(-30).join('\n')}`)))
  })
}

async function buildFor(target: Target, log: (line: string) => void, signal?: AbortSignal): Promise<void> {
  if (await isBuilt(target)) return
  const release = await acquireLock(fromRoot('node_modules', '.cache', 'atelier', 'build.lock'), LOCK_TIMEOUT_MS)
  if (!release) throw new LaunchError('Another build of this checkout has been running for five minutes. End it and start again.')
  try {
    if (await isBuilt(target)) return
    log('Building, once; about 15 seconds …')
    const started = new Date()
    await nuxtBuild(target, signal)
    await writeFile(target.finished, '', { flag: 'a' })
    // A change during the build must be newer than the build.
    await utimes(target.finished, started, started)
  }
  finally {
    release()
  }
}

/** Builds the server unless its build is up to date. Concurrent builds run one after the other. */
export const build = (log: (line: string) => void, signal?: AbortSignal): Promise<void> => buildFor(node, log, signal)

/** Builds the functions for Vercel, unless their build is up to date. */
export const buildForVercel = (log: (line: string) => void, signal?: AbortSignal): Promise<void> => buildFor(vercel, log, signal)

/**
 * Builds the server with workflows of a folder that the product does not know, beside its own build.
 * @param folder from the root of the checkout, with a `plugin.ts` that registers them
 * @returns the script of the built server
 */
export async function buildWithExtension(folder: string, log: (line: string) => void): Promise<string> {
  const buildDir = fromRoot('node_modules', '.cache', 'atelier', folder.replaceAll('/', '-'))
  const result = join(buildDir, 'output', 'server', 'index.mjs')
  await buildFor({
    args: ['build'],
    env: { ATELIER_EXTENSIONS: folder, ATELIER_BUILD_DIR: buildDir },
    sources: [folder],
    result,
    finished: join(buildDir, 'output', 'nitro.json'),
  }, log)
  return result
}
