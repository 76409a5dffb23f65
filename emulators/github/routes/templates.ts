import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/refusal.ts'
import { levelOf, orgRole, signedIn } from '../access.ts'
import { optionalString } from '../body.ts'
import { createRepo } from '../create-repo.ts'
import { forbidden, notAccessible, notFound } from '../errors.ts'
import { resolveCommit } from '../git/history.ts'
import { copyTree } from '../git/trees.ts'
import type { GitHubCall, Hub, Identity } from '../hub.ts'
import { fullRepository } from '../present/repo.ts'
import { repoDescription, repoName, repoPrivate } from '../repo-rules.ts'
import { findOrg } from './meta.ts'

/** Repositories that begin as another one is: one commit with the files of the template's default branch. */
export const templateRoutes = (hub: Hub): Route<Identity>[] => [{
  method: 'POST',
  path: '/repos/:template_owner/:template_repo/generate',
  operation: 'repos/create-using-template',
  subject: call => String(call.body.name ?? ''),
  handler: call => generate(hub, call),
}]

async function generate(hub: Hub, call: GitHubCall): Promise<Response> {
  const { login, scopes } = signedIn(call)
  const template = hub.store.findRepo(call.param('template_owner'), call.param('template_repo'))
  if (template === undefined || !template.isTemplate || levelOf(call.identity, template) === 'none') throw notFound()
  const asked = optionalString(call.body, 'owner') ?? login
  const owner = asked.toLowerCase() === login.toLowerCase() ? login : findOrg(hub, asked)
  if (owner !== login && !['admin', 'member'].includes(orgRole(call.identity, owner) ?? '')) throw forbidden('You need admin access to the organization before adding a repository to it.')
  if (!scopes.includes('repo')) throw notAccessible()
  const from = hub.git.of(template)
  const head = await resolveCommit(from, template.defaultBranch)
  const repo = await createRepo(hub, {
    owner,
    name: repoName(call.body),
    description: repoDescription(call.body),
    homepage: null,
    private: repoPrivate(call.body, false),
    isTemplate: false,
    defaultBranch: template.defaultBranch,
    features: template.features,
    tree: head && (into => copyTree(from, head.commit.tree, into)),
    login,
  })
  const body = fullRepository(hub, repo, call.identity)
  return json(body, 201, { location: body.url })
}
