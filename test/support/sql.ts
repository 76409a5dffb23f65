import postgres from 'postgres'

/** Speaks to a test's database beside the server, for one piece of work. */
export async function withDatabase<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  }
  finally {
    await sql.end()
  }
}
