import { noteDiskFull } from '../db/disk'
import { log } from '../lib/log'
import { requestContext } from '../lib/request-context'

/** Enough for an outage of minutes; older entries are in the log. */
const MAX_BACKLOG = 10_000
const BATCH = 500
const RETRY_MS = 1_000

/**
 * How one half of the audit is written: entries that cannot be written are logged, kept and written later, oldest first.
 * @param append writes entries in the order given
 * @returns writes entries and those that were kept, and never throws
 */
export function createAppender<E>(append: (entries: E[]) => Promise<unknown>): (entries: E[]) => Promise<void> {
  const backlog: E[] = []
  let retry: NodeJS.Timeout | undefined

  async function write(entries: E[]): Promise<void> {
    backlog.push(...entries)
    while (backlog.length) {
      const batch = backlog.splice(0, BATCH)
      try {
        await append(batch)
      }
      catch (error) {
        noteDiskFull(error)
        log.error({ error, entries }, 'The audit could not be written. Atelier keeps the entries and writes them later.')
        backlog.unshift(...batch)
        backlog.splice(0, backlog.length - MAX_BACKLOG)
        retry ??= requestContext.exit(() => setTimeout(writeBacklog, RETRY_MS).unref())
        return
      }
    }
  }

  function writeBacklog(): void {
    retry = undefined
    void write([])
  }
  return write
}
