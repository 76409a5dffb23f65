import type { Subject } from '../engine/subjects'
import type { AuditContext } from '../ledger'
import { boundWorkspaces, findWorkspaceTitles } from './queries/workspaces'

/** Workspaces of challenges and tasks, as the engine shows them. */
export const workspaceSubject: Subject = {
  type: 'workspace',
  name: 'workspace',
  load: async ids => new Map((await findWorkspaceTitles(ids)).map(({ id, title, challengeId }) =>
    [id, { title, href: `/challenges/${challengeId}` }])),
  itemLabel: key => key === 'main' ? 'The workspace' : key,
  within: boundWorkspaces,
}

/** The audit context of calls for a workspace outside a run. */
export const workspaceContext = ({ id }: { id: string }): AuditContext => ({ subjectType: 'workspace', subjectId: id })
