import postgres from 'postgres'
import { startPostgres } from './postgres.ts'
import type { RunningPostgres } from './postgres.ts'

export interface SupervisedPostgres {
  url: string
  /** Rejects when a restart fails. */
  ended: Promise<void>
  stop: () => Promise<void>
}

/** Starts PostgreSQL, and restarts it on the same port whenever it dies. */
export async function supervisePostgres(dataDir: string, log: (line: string) => void): Promise<SupervisedPostgres> {
  let running = await startPostgres({ dataDir })
  const { url, port } = running
  const ended = Promise.withResolvers<undefined>()
  ended.promise.catch(() => {})
  let isStopping = false
  let restarting: Promise<void> | undefined

  async function restart(): Promise<void> {
    const { pid } = running
    running = await startPostgres({ dataDir, port })
    if (running.pid !== pid) log('PostgreSQL had ended and was restarted. Runs continue.')
  }

  function watch({ url }: RunningPostgres): postgres.Sql {
    // One idle connection. It closes when PostgreSQL dies, so the watcher need not poll.
    const sql = postgres(url, {
      max: 1,
      max_lifetime: null,
      onclose: () => {
        if (isStopping) return
        restarting = restart().then(() => {
          if (!isStopping) watcher = watch(running)
        })
        restarting.catch(ended.reject)
      },
    })
    sql`select 1`.catch(() => {})
    return sql
  }

  let watcher = watch(running)

  async function stop(): Promise<void> {
    isStopping = true
    await restarting?.catch(() => {})
    await watcher.end({ timeout: 1 })
    await running.stop()
    ended.resolve(undefined)
  }

  return { url, ended: ended.promise, stop }
}
