import { loadEnvFile, migrationUrl } from './lib/environment.ts'
import { LaunchError, messageOf } from './lib/errors.ts'
import { migrate } from './lib/migrate.ts'

/** Brings the database of the environment up to date; past the pooler, where one is named. */
async function main(): Promise<string> {
  loadEnvFile()
  const url = migrationUrl(process.env)
  if (!url) throw new LaunchError('DATABASE_URL is not set, so there is nothing to bring up to date. `npm start` brings its own database and does this by itself.')
  const { app, runtime } = await migrate(url)
  return app || runtime ? 'The database is up to date now.' : 'The database was up to date.'
}

main().then(console.log, (error: unknown) => {
  console.error(messageOf(error))
  process.exitCode = 1
})
