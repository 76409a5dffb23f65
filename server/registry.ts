import { courseSubject } from './courses'
import { registerSubjects } from './engine/subjects'
import { installationSubject } from './maintenance'
import { workspaceSubject } from './workspaces'

/**
 * Tells the engine of every subject: the one place that knows all domains. The providers of workspaces are listed in
 * `workspaces/providers/registry.ts`.
 */
export function registerDomains(): void {
  registerSubjects(courseSubject, workspaceSubject, installationSubject)
}
