import DataLoader from 'dataloader'

/**
 * Batches calls of the same turn of the event loop into one statement. Thirty
 * concurrent groups then cost the database as much as one; the busier the process, the larger the batch.
 * @param all answers many at once, in their order
 */
export function batched<K, V>(all: (keys: readonly K[]) => Promise<V[]>): (key: K) => Promise<V> {
  const loader = new DataLoader<K, V>(all, { cache: false, maxBatchSize: 200, batchScheduleFn: callback => setImmediate(callback) })
  return key => loader.load(key)
}
