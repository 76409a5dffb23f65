import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { arch, argv, exit, platform } from 'node:process'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

/**
 * Compares the Node.js that runs everything with its committed hash. The package `node` downloads it as it is installed,
 * and no lockfile covers that download. JavaScript, so that the Node.js of the host can check it, however old that is.
 * `npm ci` runs it, and `.ci/run` before anything else.
 */
const { version, sha256 } = JSON.parse(readFileSync(new URL('node-hashes.json', import.meta.url), 'utf8'))
const file = argv[2] ?? fileURLToPath(new URL(`../node_modules/node/bin/node${platform === 'win32' ? '.exe' : ''}`, import.meta.url))
const expected = sha256[`${platform}-${arch}`]

if (!expected) {
  console.log(`scripts/node-hashes.json has no hash of Node.js ${version} for ${platform}-${arch}. It was not verified.`)
  exit(0)
}
const hash = createHash('sha256')
await pipeline(createReadStream(file), hash)
if (hash.digest('hex') !== expected) {
  console.error(`${file} is not Node.js ${version} as scripts/node-hashes.json knows it. `
    + 'It was changed on its way or on this disk. Do not run it; remove node_modules and install again from a registry that you trust.')
  exit(1)
}
