import { closeDatabase } from '../db/client'
import { startRuntime, stopRuntime } from '../utils/runtime'
import { watch } from '../workflows/watchdog'

/** The runtime and its watchdog live as long as the server. */
export default defineNitroPlugin((nitro) => {
  void startRuntime()
  const stopWatching = watch()
  nitro.hooks.hook('close', async () => {
    stopWatching()
    await stopRuntime()
    await closeDatabase()
  })
  // Started by the launcher, the server must not outlive it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
})
