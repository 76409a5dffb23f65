/** The three kinds of course, as the API names them. */
type Kind = 'LECTURE' | 'LABORATORY' | 'COMBINED'

/** Whether a kind of course has lab groups. */
export const needsGroups = (kind: Kind): boolean => kind !== 'LECTURE'

/** Whether a kind of course has a lecture. */
export const hasLecture = (kind: Kind): boolean => kind !== 'LABORATORY'

/** The item of a lab group, in every step that has one for each. */
export const groupItem = (number: number): string => `group-${number}`
