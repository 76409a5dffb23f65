import { execFile } from 'node:child_process'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { acquireLock } from '../../../scripts/lib/lock.ts'
import { fromRoot } from '../../../scripts/lib/root.ts'
import { withoutSecrets } from '../../../scripts/lib/without-secrets.ts'

const run = promisify(execFile)

const PACKAGE = fromRoot('node_modules', '@sparticuz', 'chromium', 'package.json')
const UNPACK = 'const { default: chromium } = await import(\'@sparticuz/chromium\'); await chromium.executablePath()'
const LOCK_TIMEOUT_MS = 120_000

/** The package's own fonts and no others, so that pictures look the same on every machine. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

/** Chromium as it lies in the cache: its program, and the variables by which it finds its fonts. */
export interface Chromium { executablePath: string, env: Record<string, string> }

/**
 * Unpacks Chromium from its npm package into a cache of this checkout, once for each version.
 * The package itself unpacks into the folder for temporary files, where two processes overwrite each other's program.
 */
export async function unpackChromium(cache = fromRoot('node_modules', '.cache', 'atelier')): Promise<Chromium> {
  const { version } = JSON.parse(await readFile(PACKAGE, 'utf8')) as { version: string }
  const folder = join(cache, `chromium-${version}`)
  const isThere = () => stat(folder).then(() => true, () => false)
  if (!await isThere()) {
    const release = await acquireLock(join(cache, 'chromium.lock'), LOCK_TIMEOUT_MS)
    if (!release) throw new Error('Another test run has been unpacking Chromium for two minutes. End it, and start again.')
    try {
      if (!await isThere()) await unpackInto(folder)
    }
    finally {
      release()
    }
  }
  return { executablePath: join(folder, 'chromium'), env: { FONTCONFIG_PATH: join(folder, 'fonts'), XDG_CACHE_HOME: folder } }
}

/** Unpacks beside `folder` and renames: a process that dies on the way leaves nothing that counts. */
async function unpackInto(folder: string): Promise<void> {
  const draft = `${folder}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  // In a process of its own, whose folder for temporary files is the draft.
  await run(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: fromRoot(), env: { ...withoutSecrets(process.env), TMPDIR: draft },
  })
  await writeFile(join(draft, 'fonts', 'fonts.conf'), FONTS)
  await rename(draft, folder)
}
