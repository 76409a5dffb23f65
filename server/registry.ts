import { courseSubject } from './courses'
import { registerSubjects } from './engine/subjects'
import { installationSubject } from './maintenance'
import { workspaceSubject } from './workspaces'

/**
 * Registers every subject with the engine: the one place that knows all domains. `workspaces/providers/registry.ts`
 * lists the providers of workspaces.
 */
export function registerDomains(): void {
  registerSubjects(courseSubject, workspaceSubject, installationSubject)
}
