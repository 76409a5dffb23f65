import { spawn } from 'node:child_process'
import { readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LaunchError } from './errors.ts'
import { takeLock } from './lock.ts'
import { fromRoot } from './root.ts'
import { withoutSecrets } from './without-secrets.ts'

const sources = ['app', 'server', 'shared', 'public', 'nuxt.config.ts', 'workflows.config.ts', 'package-lock.json']
const PATIENCE_MS = 300_000

/** The script of the built server. */
export const serverScript = fromRoot('.output', 'server', 'index.mjs')
/** The functions for Vercel, as `vercel deploy --prebuilt` takes them. */
export const vercelOutput = fromRoot('.vercel', 'output')

interface Target {
  args: string[]
  /** What there has to be in a build. */
  result: string
  /** Written last: a build that was cut short has none. */
  finished: string
}

const node: Target = { args: ['build'], result: serverScript, finished: fromRoot('.output', 'nitro.json') }
const vercel: Target = { args: ['build', '--preset', 'vercel'], result: join(vercelOutput, 'config.json'), finished: fromRoot('node_modules', '.cache', 'atelier', 'vercel.built') }

const changedAt = (path: string): Promise<number> => stat(path).then(({ mtimeMs }) => mtimeMs, () => 0)

/** When the newest of some files or folders, and of all in them, was changed; ms, 0 if there are none. */
export async function newest(paths: string[]): Promise<number> {
  const times = await Promise.all(paths.map(async (path) => {
    const inside = await readdir(path, { recursive: true }).catch(() => [])
    // Folders count, too: their time tells of files that were removed.
    return Promise.all([path, ...inside.map(name => join(path, name))].map(changedAt))
  }))
  return Math.max(0, ...times.flat())
}

/** Whether there is a finished build that is not older than what it was made from. */
async function isBuilt({ finished, result }: Target): Promise<boolean> {
  const [built, changed] = await Promise.all([changedAt(finished), newest(sources.map(name => fromRoot(name)))])
  return built >= changed && await changedAt(result) > 0
}

function nuxtBuild(args: string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fromRoot('node_modules', 'nuxt', 'bin', 'nuxt.mjs'), ...args], {
      cwd: fromRoot(), stdio: ['ignore', 'pipe', 'pipe'], signal, env: { ...withoutSecrets(process.env), NODE_ENV: 'production' },
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

async function buildFor(target: Target, say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  if (await isBuilt(target)) return
  const release = await takeLock(fromRoot('node_modules', '.cache', 'atelier', 'build.lock'), PATIENCE_MS)
  if (!release) throw new LaunchError('Another build of this checkout has been going on for five minutes. End it and start again.')
  try {
    if (await isBuilt(target)) return
    say('Building, once; about 15 seconds …')
    const started = new Date()
    await nuxtBuild(target.args, signal)
    await writeFile(target.finished, '', { flag: 'a' })
    // What changed while it was built is newer than the build.
    await utimes(target.finished, started, started)
  }
  finally {
    release()
  }
}

/** Builds the server unless the build is newer than its sources. Builders at the same time take turns. */
export const build = (say: (line: string) => void, signal?: AbortSignal): Promise<void> => buildFor(node, say, signal)

/** The same for the functions that go to Vercel. */
export const buildForVercel = (say: (line: string) => void, signal?: AbortSignal): Promise<void> => buildFor(vercel, say, signal)
