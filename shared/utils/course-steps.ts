/** The three kinds of course, as the API names them. */
type Kind = 'LECTURE' | 'LABORATORY' | 'COMBINED'

/** Whether a kind of course has lab groups. */
export const needsGroups = (kind: Kind): boolean => kind !== 'LECTURE'

/** Whether a kind of course has a lecture. */
export const hasLecture = (kind: Kind): boolean => kind !== 'LABORATORY'
