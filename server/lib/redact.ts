import { secretValues } from './env'
import { type Form, formsOf, lower } from './redact/forms.ts'
import { readingsOf } from './redact/unescape.ts'

/** Forms of the credentials that services hand out, and of those in URLs and headers. */
const SECRETS = [
  /\bgh[pousr]_\w{10,}/g,
  /\bgithub_pat_\w{10,}/g,
  /\b(?:hf|figd|atl)_[\w-]{10,}/g,
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b/g,
  /(?<=\b(?:Bot|Bearer|Basic|token)\s)[\w.+/=-]{10,}/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

const CENSOR = '[redacted]'

type Range = [from: number, to: number]

/**
 * Removes the credentials of this installation from a text, in any form in which a service may repeat
 * them, anything that looks like a credential, and characters that PostgreSQL cannot store. Redact first, cut after:
 * nothing recognises half a secret.
 */
export function redact(text: string): string {
  const storable = text.toWellFormed().replaceAll('\0', '')
  const found = secretsIn(storable)
  for (const { text, starts } of readingsOf(storable))
    for (const [from, to] of secretsIn(text)) found.push([starts[from]!, starts[to]!])
  return found.length ? censor(storable, found) : storable
}

function secretsIn(text: string): Range[] {
  const found: Range[] = []
  const lowered = lower(text)
  for (const form of ownForms()) {
    const place = form.ignoresCase ? lowered : text
    for (let from = place.indexOf(form.text); from !== -1; from = place.indexOf(form.text, from + 1)) {
      const to = from + form.text.length
      if (!form.isWord || isWord(text, from, to)) found.push(form.isBase64 ? withNeighbours(text, from, to) : [from, to])
    }
  }
  for (const secret of SECRETS) for (const { 0: match, index } of text.matchAll(secret)) found.push([index, index + match.length])
  return found
}

const isLetter = (character: string | undefined) => character !== undefined && /[a-z0-9]/i.test(character)

const isWord = (text: string, from: number, to: number) => {
  const continues = (inside: string | undefined, outside: string | undefined) => isLetter(inside) && isLetter(outside)
  return !continues(text[from], text[from - 1]) && !continues(text[to - 1], text[to])
}

/** With the groups of base64 beside a form, which may share bits with it, and the padding. */
function withNeighbours(text: string, from: number, to: number): Range {
  const before = /[\w+/-]{0,4}$/.exec(text.slice(Math.max(from - 4, 0), from))![0].length
  const after = /^[\w+/-]{0,4}={0,2}/.exec(text.slice(to, to + 6))![0].length
  return [from - before, to + after]
}

/** Replaces the ranges of a text; those that touch become one. */
function censor(text: string, found: Range[]): string {
  let censored = ''
  let end = -1
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    if (from > end) censored += `${text.slice(Math.max(end, 0), from)}${CENSOR}`
    end = Math.max(end, to)
  }
  return censored + text.slice(end)
}

let known: { values: string[], forms: Form[] } | undefined

function ownForms(): Form[] {
  const values = secretValues()
  if (known?.values !== values) {
    const forms = values.flatMap(formsOf)
    known = { values, forms: [...new Map(forms.map(form => [`${form.ignoresCase} ${form.text}`, form])).values()] }
  }
  return known.forms
}
