import { join } from 'node:path'
import { startEmulators } from '../../emulators/index.ts'
import { LaunchError, messageOf } from './errors.ts'
import { takeLock } from './lock.ts'

/** Runs the emulators as a child of the launcher: arguments are the data folder and the two ports. */
const [dataDir = '', githubPort, discordPort] = process.argv.slice(2)

/** A child of a killed launcher needs a moment to go. */
const PATIENCE_MS = 5_000
const LINGER_MS = 300

async function main(): Promise<void> {
  if (!await takeLock(join(dataDir, 'lock'), PATIENCE_MS))
    throw new LaunchError(`Other emulators use ${dataDir}. Stop them, or set ATELIER_DATA_DIR to another folder.`)
  const emulators = await startEmulators({ dataDir, githubPort: Number(githubPort), discordPort: Number(discordPort) })
  const end = () => {
    emulators.close().finally(() => process.exit(0))
  }
  // The launcher was killed, and nobody else would stop us. The server notices at the same moment; it must not
  // be the first to miss the other, and count our silence as a failed attempt.
  process.once('disconnect', () => setTimeout(end, LINGER_MS))
  process.once('SIGTERM', end)
  process.send?.({ github: pick(emulators.github), discord: pick(emulators.discord) })
}

const pick = ({ url, apiUrl }: { url: string, apiUrl: string }) => ({ url, apiUrl })

main().catch((error: unknown) => {
  console.error(messageOf(error))
  process.exit(1)
})
