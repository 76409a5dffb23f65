import type { Route } from '../../core/pipeline.ts'
import { json } from '../../core/response.ts'
import { levelOf, orgRole, requireToken } from '../access.ts'
import { optionalString } from '../body.ts'
import { createRepo } from '../create-repo.ts'
import { creationForbidden, notAccessible, notFound } from '../errors.ts'
import { resolveCommit } from '../git/history.ts'
import { copyTree } from '../git/trees.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { fullRepository } from '../serializers/repo.ts'
import { repoDescription, repoName, repoPrivate } from '../repo-rules.ts'
import { requireOrg } from './meta.ts'

/** Repositories from a template: one commit with the files of the template's default branch. */
export const templateRoutes = (backend: GitHubBackend): Route<Identity>[] => [{
  method: 'POST',
  path: '/repos/:template_owner/:template_repo/generate',
  operation: 'repos/create-using-template',
  subject: call => String(call.body.name ?? ''),
  handler: call => generate(backend, call),
}]

async function generate(backend: GitHubBackend, call: GitHubCall): Promise<Response> {
  const { login, scopes } = requireToken(call)
  const template = backend.store.findRepo(call.param('template_owner'), call.param('template_repo'))
  if (template === undefined || !template.isTemplate || levelOf(call.identity, template) === 'none') throw notFound()
  const asked = optionalString(call.body, 'owner') ?? login
  const owner = asked.toLowerCase() === login.toLowerCase() ? login : requireOrg(backend, asked)
  const mayCreate = owner === login || ['admin', 'member'].includes(orgRole(call.identity, owner) ?? '')
  if (!mayCreate) throw creationForbidden()
  if (!scopes.includes('repo')) throw notAccessible()
  const from = backend.git.of(template)
  const head = await resolveCommit(from, template.defaultBranch)
  const repo = await createRepo(backend, {
    owner,
    name: repoName(call.body),
    description: repoDescription(call.body),
    homepage: null,
    private: repoPrivate(call.body, false),
    isTemplate: false,
    defaultBranch: template.defaultBranch,
    features: template.features,
    writeTree: head && (into => copyTree(from, head.commit.tree, into)),
    login,
  })
  const body = fullRepository(backend, repo, call.identity)
  return json(body, 201, { location: body.url })
}
