import { courseSubject } from './courses'
import { registerSubjects } from './engine/subjects'
import { installationSubject } from './maintenance'
import { workspaceSubject } from './workspaces'

/**
 * The one place that knows all domains. Each line tells the engine of a subject; the providers of workspaces are
 * listed in `workspaces/providers/registry.ts`.
 */
registerSubjects(courseSubject, workspaceSubject, installationSubject)
