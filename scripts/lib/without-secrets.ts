const CREDENTIAL = /(^|_)(TOKEN|SECRET|KEY|PASSWORD)$|^PGPASSWORD$|^DATABASE_(DIRECT_)?URL$/

/** An environment for a child that has nothing to sign in to. */
export const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIAL.test(name)))
