/** A failure that a person can mend: printed as it stands, without a stack. */
export class LaunchError extends Error {
  override name = 'LaunchError'
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** The `code` of a system or database error, `ENOENT` or `57P03`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
