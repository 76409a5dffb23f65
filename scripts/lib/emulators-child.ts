import { join } from 'node:path'
import { emulatorNames } from '../../emulators/defaults.ts'
import { startEmulators } from '../../emulators/index.ts'
import { LaunchError, messageOf } from './errors.ts'
import { acquireLock } from './lock.ts'

/** Runs the emulators as a child process. Its arguments are the data folder and, as JSON, the ports. */
const [dataDir = '', ports = '{}'] = process.argv.slice(2)

/** The child of a killed launcher may hold the lock for a moment. */
const LOCK_TIMEOUT_MS = 5_000
const EXIT_DELAY_MS = 300

async function main(): Promise<void> {
  if (!await acquireLock(join(dataDir, 'lock'), LOCK_TIMEOUT_MS))
    throw new LaunchError(`Other emulators use ${dataDir}. Stop them, or set ATELIER_DATA_DIR to another folder.`)
  const emulators = await startEmulators({ dataDir, ports: JSON.parse(ports) as Record<string, number> })
  const end = () => {
    emulators.close().finally(() => process.exit(0))
  }
  // The launcher was killed. The server exits at the same time, and must do so first: otherwise it would count calls
  // to the missing emulators as failed attempts.
  process.once('disconnect', () => setTimeout(end, EXIT_DELAY_MS))
  process.once('SIGTERM', end)
  const addresses = emulatorNames.map((name) => {
    const { url, apiUrl, token } = emulators[name]
    return [name, { url, apiUrl, token }] as const
  })
  process.send?.(Object.fromEntries(addresses))
}

main().catch((error: unknown) => {
  console.error(messageOf(error))
  process.exit(1)
})
