import { isSecret } from '../../server/lib/env/secret.ts'

/** The environment without credentials, for child processes that need none. */
export const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !isSecret(name)))
