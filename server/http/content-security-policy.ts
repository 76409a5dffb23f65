import { createHash } from 'node:crypto'
import { DENY_ALL } from '../../shared/utils/content-security-policy'

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/gi

/** A block of data runs nothing. */
const IS_DATA = /type="application\/(?:ld\+)?json"/i

/** The policies of pages, by their inline scripts: nearly every page has the same. */
const known = new Map<string, string>()
const MAX_KNOWN = 20

/** The policy of a page: its own files, and the inline scripts that it was rendered with, by their hashes. */
export function policyOf(html: string): string {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].filter(([, attributes]) => !IS_DATA.test(attributes!)).map(([,, script]) => script!)
  const key = scripts.join('\0')
  const policy = known.get(key) ?? writePolicy(scripts)
  if (known.size < MAX_KNOWN) known.set(key, policy)
  return policy
}

const writePolicy = (scripts: string[]) => [
  DENY_ALL.replace('form-action \'none\'', 'form-action \'self\''),
  ['script-src \'self\'', ...scripts.map(script => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)].join(' '),
  // Components set styles on elements, and the colours of the theme are a style of the page.
  'style-src \'self\' \'unsafe-inline\'',
  'img-src \'self\' data:',
  'font-src \'self\'',
  'connect-src \'self\'',
].join('; ')
