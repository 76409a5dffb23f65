import { z } from 'zod'

/**
 * What git accepts as the name of a branch (`git help check-ref-format`), without a dash at the beginning, which programs
 * read as an option, and without what git reads as something else: `HEAD`, `@`, a whole ref, the 40 digits of a commit.
 */
const BRANCH = new RegExp([
  /^(?![-/.]|HEAD$|@$|refs\/|[\da-fA-F]{40}$)/u,
  /(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$))/u,
  /[^\p{Cc}\p{Bidi_Control}\s~^:?*[\\]+$/u,
].map(({ source }) => source).join(''), 'u')

/** The name of a branch. */
export const branchRule = z.string().max(200).regex(BRANCH, { error: 'It must be a name that git accepts for a branch.' })

/** Control characters and those that turn the direction of a text, which hide what a program reads. */
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u

/**
 * A folder or a file within a repository: `docs/content`. None leads out of it, and none begins as an option does. What git
 * would read as a pattern stays a name.
 */
export const pathRule = z.string().min(1).max(500)
  .refine(path => !/^[-/~]|^[a-z]:/i.test(path), {
    error: 'It must be a path within the repository, without a slash or a dash at its start.',
  })
  .refine(path => path.split(/[/\\]/).every(part => part !== '..' && part !== '.' && !/^\.git$/i.test(part)), {
    error: 'It must stay within the repository: without "..", "." or ".git" as a part.',
  })
  .refine(path => !HIDDEN.test(path) && path.isWellFormed() && !/[\\*?[\]:]/.test(path), {
    error: 'It must not contain control characters, backslashes, colons or wildcards.',
  })

/** Names of this machine, and of those in its networks. */
const PRIVATE_NAME = /^(?:localhost|.*\.(?:localhost|local|internal|home|lan|intranet|arpa))$/i
/** A whole IP address; `URL` writes every form of one so. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/

/**
 * The https address of a repository. No other protocol, as git runs programs for some; no password, which would be seen; no
 * address in numbers and no name of a private network. What a name resolves to is checked when it is connected to.
 */
export const repositoryUrlRule = z.string().max(500)
  .refine(text => !HIDDEN.test(text) && !/[\s\\]/.test(text), { error: 'It must not contain spaces, backslashes or control characters.' })
  .refine(text => /^https:\/\/[^/]/i.test(text) && URL.canParse(text), { error: 'It must be an address that begins with https://.' })
  .refine(text => !partsOf(text)?.username && !partsOf(text)?.password && !/^[^/]*\/\/[^/]*@/.test(text), {
    error: 'It must not contain a user or a password.',
    params: { fix: 'Set the token as a variable instead.' },
  })
  .refine(text => !isPrivateHost(partsOf(text)?.hostname ?? ''), { error: 'It must name a public host.' })
  .refine(text => !partsOf(text)?.search && !partsOf(text)?.hash, { error: 'It must not contain "?" or "#".' })

const partsOf = (text: string) => URL.parse(text)

const isPrivateHost = (host: string) => ADDRESS.test(host) || PRIVATE_NAME.test(host) || !host.includes('.')
