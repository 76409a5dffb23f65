/**
 * A child process loads this module before its own program. When its parent dies, the IPC channel closes, and the
 * child kills itself and all its own children. A graceful shutdown would go on working while the emulators are gone,
 * and would count failed attempts.
 */
process.once('disconnect', () => {
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL')
})
