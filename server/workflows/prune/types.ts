/** How many of each were removed, by the name of the step. */
export type Removed = Record<string, number>
