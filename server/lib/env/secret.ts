/** Names of credentials, ours and those of anything else in an environment. */
const CREDENTIAL = /(^|_)(TOKEN|SECRET|KEY|PASSWORD)$|^PGPASSWORD$|^DATABASE_(DIRECT_)?URL$/

/** Whether a variable holds a credential, by its name: so none can be forgotten in a list. */
export const isSecret = (name: string): boolean => CREDENTIAL.test(name)
