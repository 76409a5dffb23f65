import { isDiskFull } from './errors'

/** A full disk may have room again by itself: the next failed write tells if it has not. */
const REMEMBERED_MS = 15_000

let fullAt = -Infinity

/** Remembers an error if it tells that PostgreSQL's disk is full. */
export function noteDiskFull(error: unknown): void {
  if (isDiskFull(error)) fullAt = performance.now()
}

/** Whether PostgreSQL could not write a moment ago because its disk is full. */
export const wasDiskFull = (): boolean => performance.now() - fullAt < REMEMBERED_MS
