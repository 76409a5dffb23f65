import { join } from 'node:path'
import { emulatorNames } from '../../emulators/defaults.ts'
import { startEmulators } from '../../emulators/index.ts'
import { LaunchError, messageOf } from './errors.ts'
import { takeLock } from './lock.ts'

/** Runs the emulators as a child of the launcher: arguments are the data folder and, as JSON, the ports. */
const [dataDir = '', ports = '{}'] = process.argv.slice(2)

/** A child of a killed launcher needs a moment to go. */
const PATIENCE_MS = 5_000
const LINGER_MS = 300

async function main(): Promise<void> {
  if (!await takeLock(join(dataDir, 'lock'), PATIENCE_MS))
    throw new LaunchError(`Other emulators use ${dataDir}. Stop them, or set ATELIER_DATA_DIR to another folder.`)
  const emulators = await startEmulators({ dataDir, ports: JSON.parse(ports) as Record<string, number> })
  const end = () => {
    emulators.close().finally(() => process.exit(0))
  }
  // The launcher was killed, and nobody else would stop us. The server notices at the same moment; it must not
  // be the first to miss the other, and count our silence as a failed attempt.
  process.once('disconnect', () => setTimeout(end, LINGER_MS))
  process.once('SIGTERM', end)
  process.send?.(Object.fromEntries(emulatorNames.map(name => [name, { url: emulators[name].url, apiUrl: emulators[name].apiUrl }])))
}

main().catch((error: unknown) => {
  console.error(messageOf(error))
  process.exit(1)
})
