import { defineNitroPlugin } from 'nitropack/runtime'
import { checkEnvironment, port } from '../lib/env'
import { toFailure } from '../lib/errors'
import { log } from '../lib/log'
import { closeDatabase } from '../db/client'
import { authenticateOwnRequests } from '../engine/runtime/authentication'
import { startHeartbeat } from '../engine/heartbeat'
import { startRuntime, stopRuntime } from '../engine/runtime/world'
import { drainOnSignal, deregisterInTime } from '../engine/drain'
import { startWatchdog } from '../engine/watchdog'
import { closeStreams } from '../http/sse'

/** The runtime and its watchdog run as long as the server. */
export default defineNitroPlugin((nitro) => {
  endUnlessConfigured()
  authenticateOwnRequests(port())
  void startRuntime()
  const stopWatching = startWatchdog()
  startHeartbeat()
  drainOnSignal(() => {
    stopWatching()
    void closeStreams()
  })
  nitro.hooks.hook('close', async () => {
    stopWatching()
    await stopRuntime()
    await deregisterInTime()
    await closeDatabase()
  })
  // Nitro logs uncaught errors and continues. A server without its port would send its own work to the owner of that port.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'listen') process.exit(1)
  })
  // Started by the launcher, the server must not outlive it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
})

/** A configuration error as sysexits.h defines it: another start would fail, too. */
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
