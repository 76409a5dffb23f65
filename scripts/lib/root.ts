import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Absolute path of a file or folder of this checkout. */
export const fromRoot = (...parts: string[]): string => join(root, ...parts)
