import { z } from 'zod'

/** Discord's 250 roles a server, less @everyone and the bot's own. */
export const MAX_LAB_GROUPS = 248

// Control and bidirectional characters break a line, hide text, or reverse it on the screen.
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200B\u2060\uFEFF]/u
// Joiners and fillers belong to some scripts and to emoji; alone they show nothing.
const unseen = /[\p{Default_Ignorable_Code_Point}\u2800\s]/gu

/** Text of one line in any script, 1 to `max` characters of which one can be seen, without control or direction marks. */
export const oneLine = (max: number) => z.string().trim()
  .min(1, { error: 'It must not be empty.' })
  .max(max, { error: `It must have at most ${max} characters.` })
  .refine(text => !invisible.test(text), {
    error: 'It must not contain control, zero-width or text-direction characters.',
    params: { fix: 'Type it by hand instead of pasting it.' },
  })
  .refine(text => text === '' || invisible.test(text) || text.replace(unseen, '') !== '', {
    error: 'It must contain a visible character.',
    params: { fix: 'Add a letter or a digit.' },
  })
  .refine(text => text.isWellFormed(), { error: 'It must not contain half of a surrogate pair.' })

/** Longer text of people: several lines, in any script. */
export const prose = (max: number) => z.string().max(max, { error: `It must have at most ${max} characters.` })
  .refine(text => text.isWellFormed() && !text.includes('\0'), {
    error: 'It must not contain null characters or halves of surrogate pairs.',
  })

/** The fields that a request changes: one or more. */
export const atLeastOne = <T extends z.ZodObject>(fields: T) =>
  fields.refine(body => Object.keys(body).length > 0, {
    error: 'It must change at least one field.',
    params: { fix: 'Name at least one field with its new value.' },
    when: ({ issues }) => !issues.length,
  })

/** A repository name that GitHub takes as it is: letters, digits, `.`, `_` and `-`, at most 100. */
export const repoNameRule = z.string().regex(/^(?!\.{1,2}$)(?!.*\.git$)[\w.-]{1,100}$/i, {
  error: 'It must be a repository name: only letters, digits, ".", "_" and "-", at most 100, not ending in ".git".',
})

/** Letters, digits, `.`, `_` and `-` around one slash, as GitHub, GitLab and Hugging Face have them; neither `.` nor `..`. */
const FULL_NAME = /^(?!.*\.\.?\/)\w[\w.-]{0,99}\/(?!\.{1,2}$)(?!.*\.git$)[\w.-]{1,100}$/i

/** Whether a text is owner/name of a repository. */
export const isFullName = (text: string): boolean => FULL_NAME.test(text)

/** A repository as owner/name. Anything else could lead to another address of the service. */
export const fullNameRule = z.string().regex(FULL_NAME, { error: 'It must be owner/name.' })

/** A Discord id ("snowflake"): 17 to 20 digits. */
export const snowflakeRule = z.string().regex(/^\d{17,20}$/, { error: 'It must be a Discord id of 17 to 20 digits.' })
