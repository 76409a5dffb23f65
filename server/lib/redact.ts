import { secretValues } from './env'

/** Forms of the credentials that services hand out, and of those in URLs and headers. */
const SECRETS = [
  /\bgh[pousr]_\w{10,}/g,
  /\bgithub_pat_\w{10,}/g,
  /\b(?:hf|figd)_[\w-]{10,}/g,
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b/g,
  /(?<=\b(?:Bot|Bearer|Basic|token)\s)[\w.+/=-]{10,}/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

/** Shorter values are words, and would be found everywhere. */
const SHORTEST_SECRET = 8

/**
 * Removes the credentials of this installation from a text, in any form in which a service may repeat
 * them, anything that looks like a credential, and characters that PostgreSQL cannot store.
 */
export function redact(text: string): string {
  const plain = ownForms().reduce((left, form) => left.replaceAll(form, '[redacted]'), text.toWellFormed().replaceAll('\0', ''))
  return SECRETS.reduce((left, secret) => left.replace(secret, '[redacted]'), plain)
}

let known: { values: string, forms: string[] } | undefined

function ownForms(): string[] {
  const own = secretValues().filter(value => value.length >= SHORTEST_SECRET)
  const values = own.join('\n')
  // The longest first: a part of it must not be removed before.
  if (known?.values !== values) known = { values, forms: [...new Set(own.flatMap(formsOf))].sort((a, b) => b.length - a.length) }
  return known.forms
}

/** A secret as it is, in a URL, in JSON, in hex, and in base64 with any text before and after it. */
function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex')
  const base64 = [0, 1, 2].map(shift => Buffer.from('x'.repeat(shift) + secret).toString('base64').slice(shift && 4, -4))
  return [
    secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase(),
    Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url'),
    ...base64, ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}
