/** Forms of the credentials that services hand out, and of those in URLs and headers. */
const SECRETS = [
  /\bgh[pousr]_\w{10,}/g,
  /\bgithub_pat_\w{10,}/g,
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b/g,
  /(?<=\b(?:Bot|Bearer|Basic|token)\s)[\w.+/=-]{10,}/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

/** The text without anything that looks like a credential, and without NUL, which PostgreSQL cannot store. */
export const redact = (text: string): string => SECRETS.reduce((left, secret) => left.replace(secret, '[redacted]'), text.replaceAll('\0', ''))
