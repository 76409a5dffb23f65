/** The exit code of a configuration error (sysexits.h). A restart would fail again. */
export const EX_CONFIG = 78

/** A failure that the user can fix. The command prints its message without a stack. */
export class LaunchError extends Error {
  override name = 'LaunchError'

  /** The exit code of the command. */
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The message of any thrown value. */
export const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** The `code` of a system or database error, such as `ENOENT` or `57P03`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
