/** Names of credentials, ours and those of anything else in an environment. */
const CREDENTIAL = /(^|_)(TOKEN|SECRET|KEY|PASSWORD)$|^PGPASSWORD$|^DATABASE_(DIRECT_)?URL$/

/** Whether a variable holds a credential: its name says so, which no list can forget. */
export const isSecret = (name: string): boolean => CREDENTIAL.test(name)
