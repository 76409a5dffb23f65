/**
 * Loaded before a child's own program. When the launcher was killed, its IPC channel closes, and
 * the child ends at once with all that it started: a crash, which costs no attempt, where a slow
 * farewell would go on working while the emulators are gone already.
 */
process.once('disconnect', () => {
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL')
})
