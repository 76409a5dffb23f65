/**
 * The executions that the runtime allows a step. A crash costs one of them; the attempts that users see are the
 * ledger's. It stands alone because the runtime's sandbox reads it, where nothing may reach a `node:` import.
 */
export const UNLIMITED_RETRIES = 1_000_000
