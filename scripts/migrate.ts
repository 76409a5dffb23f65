import { loadEnvFile, migrationUrl } from './lib/environment.ts'
import { LaunchError, messageOf } from './lib/errors.ts'
import { migrate } from './lib/migrate.ts'

/** Migrates the database of the environment, without the connection pooler if DATABASE_DIRECT_URL is set. */
async function main(): Promise<string> {
  loadEnvFile()
  const url = migrationUrl(process.env)
  if (!url) {
    throw new LaunchError(
      'DATABASE_URL is not set, so there is no database to migrate. Set it. (`npm start` migrates its own database.)',
    )
  }
  const { app, runtime } = await migrate(url)
  return app || runtime ? 'The database is up to date now.' : 'The database was up to date.'
}

main().then(console.log, (error: unknown) => {
  console.error(messageOf(error))
  process.exitCode = 1
})
