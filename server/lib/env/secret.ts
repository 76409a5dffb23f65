/** Names of credentials, ours and those of anything else in an environment. */
const CREDENTIAL = /(^|_)(TOKEN|SECRET|KEY|PASSWORD)$|^PGPASSWORD$|^DATABASE_(DIRECT_)?URL$|^OTEL_EXPORTER_OTLP_HEADERS$/

/** Whether a variable holds a credential, by its name: so none can be forgotten in a list. */
export const isSecret = (name: string): boolean => CREDENTIAL.test(name)

/** 32 characters are 128 bits even where only 16 different ones are used. */
export const SHORTEST_KEY = 32

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i

/** Whether somebody on another machine could guess the owner's key of a server that listens on `host`. */
export const isGuessable = (key: string, host: string | undefined): boolean => key.length < SHORTEST_KEY && !LOOPBACK.test(host ?? '')
