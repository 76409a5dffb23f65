const CREDENTIAL = /(^|_)(TOKEN|SECRET|KEY|PASSWORD)$|^PGPASSWORD$|^DATABASE_(DIRECT_)?URL$/

/** The environment without credentials, for child processes that need none. */
export const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIAL.test(name)))
