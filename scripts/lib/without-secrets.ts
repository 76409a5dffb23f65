import { isSecret } from '../../server/lib/env/secret.ts'

/** An environment for a child that has nothing to sign in to. */
export const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !isSecret(name)))
