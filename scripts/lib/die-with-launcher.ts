/**
 * Loaded before a program that knows nothing of our launcher: when the launcher is gone, however
 * it went, its IPC channel closes, and the program ends with all that it started.
 */
process.once('disconnect', () => {
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGTERM')
  process.exit()
})
