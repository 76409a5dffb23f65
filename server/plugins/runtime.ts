import { defineNitroPlugin } from 'nitropack/runtime'
import { checkEnvironment, port } from '../lib/env'
import { toFailure } from '../lib/errors'
import { log } from '../lib/log'
import { closeDatabase } from '../db/client'
import { signOwnRequests } from '../runtime/door'
import { keepPresent } from '../runtime/presence'
import { startRuntime, stopRuntime } from '../runtime/runtime'
import { endInTime, sayFarewell } from '../runtime/shutdown'
import { watch } from '../runtime/watchdog'
import { closeStreams } from '../utils/stream'

/** The runtime and its watchdog live as long as the server. */
export default defineNitroPlugin((nitro) => {
  endUnlessConfigured()
  signOwnRequests(port())
  void startRuntime()
  const stopWatching = watch()
  keepPresent()
  endInTime(() => {
    stopWatching()
    void closeStreams()
  })
  nitro.hooks.hook('close', async () => {
    stopWatching()
    await stopRuntime()
    await sayFarewell()
    await closeDatabase()
  })
  // Nitro logs what nobody caught and lives on: a server without its port would take work and hand it to whoever has the port.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'listen') process.exit(1)
  })
  // Started by the launcher, the server must not outlive it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
})

/** What sysexits.h calls a configuration error: nothing gets better by starting again. */
const EX_CONFIG = 78

function endUnlessConfigured(): void {
  try {
    checkEnvironment()
  }
  catch (error) {
    const { message, fix } = toFailure(error)
    log.fatal({ fix }, message)
    process.exit(EX_CONFIG)
  }
}
