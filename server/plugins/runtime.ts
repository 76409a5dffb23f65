import { checkEnvironment, port } from '../lib/env'
import { toFailure } from '../lib/errors'
import { log } from '../lib/log'
import { closeDatabase } from '../db/client'
import { leave } from '../db/queries/processes'
import { thisProcess } from '../ledger/process'
import { startRuntime, stopRuntime } from '../runtime/runtime'
import { signOwnRequests } from '../runtime/door'
import { closeStreams } from '../utils/stream'
import { watch } from '../runtime/watchdog'

/** The runtime and its watchdog live as long as the server. */
export default defineNitroPlugin((nitro) => {
  endUnlessConfigured()
  signOwnRequests(port())
  void startRuntime()
  const stopWatching = watch()
  nitro.hooks.hook('close', async () => {
    stopWatching()
    await stopRuntime()
    await leave(thisProcess().id)
    await closeDatabase()
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, closeStreams)
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
