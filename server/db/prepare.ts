import type postgres from 'postgres'

/** Each connection keeps a statement for each text. Lists of values make many texts, so long ones stay unprepared. */
const MOST_VALUES = 32

type Client = postgres.Sql | postgres.TransactionSql

/**
 * Prepares the statements of drizzle, which asks for each of them unprepared: a prepared one takes one round trip instead
 * of two, and no new plan. A client that was opened with `prepare: false` prepares none.
 * https://github.com/porsager/postgres#prepared-statements
 */
export function prepareStatements<C extends Client>(client: C): C {
  const { unsafe } = client
  client.unsafe = ((text, values = [], options) =>
    unsafe(text, values, { ...options, prepare: values.length <= MOST_VALUES })) as typeof unsafe
  if ('begin' in client) client.begin = inside(client.begin)
  if ('savepoint' in client) client.savepoint = inside(client.savepoint)
  return client
}

type Body = (client: postgres.TransactionSql) => unknown

/** The same for what runs inside a transaction, which has a client of its own. */
function inside<Open>(open: Open): Open {
  const start = open as (...args: unknown[]) => unknown
  return ((...args: unknown[]) => {
    const body = args.pop() as Body
    return start(...args, (client: postgres.TransactionSql) => body(prepareStatements(client)))
  }) as Open
}
