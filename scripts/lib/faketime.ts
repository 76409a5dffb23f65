import { existsSync, readdirSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'

/** Where distributions put libfaketime; LIBFAKETIME names another place. Node.js needs the library for several threads. */
const FOLDERS = ['/usr/lib/faketime', ...foldersOfArchitectures()]
const LIBRARY = 'libfaketimeMT.so.1'

function foldersOfArchitectures(): string[] {
  if (!existsSync('/usr/lib')) return []
  return readdirSync('/usr/lib').filter(name => name.includes('-linux-')).map(name => `/usr/lib/${name}/faketime`)
}

/** The path of libfaketime; undefined where it is not installed. */
export function findFaketime(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return [env.LIBFAKETIME, ...FOLDERS.map(folder => `${folder}/${LIBRARY}`)].find(path => path && existsSync(path))
}

/** The wall clock of processes that start with `env`. */
export interface FakeClock {
  env: Record<string, string>
  /** Sets how far the clock is ahead of the machine's, or behind it. Running processes jump at once. */
  set: (seconds: number) => Promise<void>
}

/**
 * Makes a clock that a file controls. The monotonic clock stays the machine's, as it does when a real clock jumps.
 * https://github.com/wolfcw/libfaketime
 */
export async function createFakeClock(library: string, file: string, seconds = 0): Promise<FakeClock> {
  const set = async (seconds: number): Promise<void> => {
    // Renamed into place: a process reads the file at every look at the clock.
    await writeFile(`${file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`)
    await rename(`${file}.next`, file)
  }
  await set(seconds)
  return {
    env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_NO_CACHE: '1' },
    set,
  }
}
