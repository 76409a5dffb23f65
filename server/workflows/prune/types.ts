/** How many records each step removed, by its name: the output of the run. */
export type Removed = Record<string, number>
