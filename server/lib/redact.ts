import { secretValues } from './env'

/** Forms of the credentials that services hand out, and of those in URLs and headers. */
const SECRETS = [
  /\bgh[pousr]_\w{10,}/g,
  /\bgithub_pat_\w{10,}/g,
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b/g,
  /(?<=\b(?:Bot|Bearer|Basic|token)\s)[\w.+/=-]{10,}/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

/** Shorter values are words, and would be found everywhere. */
const SHORTEST_SECRET = 8

/**
 * The text without the credentials of this installation, in plain or in a URL, without anything
 * that looks like one, and without what PostgreSQL cannot store.
 */
export function redact(text: string): string {
  const own = secretValues().filter(value => value.length >= SHORTEST_SECRET).flatMap(value => [value, encodeURIComponent(value)])
  const plain = own.reduce((left, value) => left.replaceAll(value, '[redacted]'), text.toWellFormed().replaceAll('\0', ''))
  return SECRETS.reduce((left, secret) => left.replace(secret, '[redacted]'), plain)
}
