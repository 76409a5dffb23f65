import postgres from 'postgres'
import { startPostgres } from './postgres.ts'
import type { RunningPostgres } from './postgres.ts'

export interface KeptPostgres {
  url: string
  /** Rejects when it could not be brought back. */
  ended: Promise<void>
  stop: () => Promise<void>
}

/** Starts PostgreSQL and brings it back, on the same port, whenever it dies. */
export async function keepPostgres(dataDir: string, say: (line: string) => void): Promise<KeptPostgres> {
  let running = await startPostgres({ dataDir })
  const { url, port } = running
  const ended = Promise.withResolvers<undefined>()
  ended.promise.catch(() => {})
  let stopping = false
  let reviving: Promise<void> | undefined

  async function revive(): Promise<void> {
    const { pid } = running
    running = await startPostgres({ dataDir, port })
    if (running.pid !== pid) say('PostgreSQL had ended and was started again: runs go on where they were.')
  }

  function watch({ url }: RunningPostgres): postgres.Sql {
    // One idle connection: its end is the news, without asking again and again.
    const sql = postgres(url, {
      max: 1,
      max_lifetime: null,
      onclose: () => {
        if (stopping) return
        reviving = revive().then(() => {
          if (!stopping) watcher = watch(running)
        })
        reviving.catch(ended.reject)
      },
    })
    sql`select 1`.catch(() => {})
    return sql
  }

  let watcher = watch(running)

  async function stop(): Promise<void> {
    stopping = true
    await reviving?.catch(() => {})
    await watcher.end({ timeout: 1 })
    await running.stop()
    ended.resolve(undefined)
  }

  return { url, ended: ended.promise, stop }
}
