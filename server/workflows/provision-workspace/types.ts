/** What every step knows of its workspace. Step inputs are stored in the clear: ids only. */
export interface WorkspaceRef { runId: string, workspaceId: string }
