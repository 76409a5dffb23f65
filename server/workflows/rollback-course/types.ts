/** The run that takes back, and the course. Step inputs are stored in the clear: ids only. */
export interface RollbackRef { runId: string, courseId: string }
