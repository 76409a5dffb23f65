import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '../core/pipeline.ts'
import { HttpError } from '../core/http-error.ts'
import { levelOf } from './access.ts'
import { runBackend } from './git/http-backend.ts'
import { listRefs, readRef, setHead } from './git/repository.ts'
import type { GitHubBackend, Identity } from './backend.ts'
import { authenticate } from './authenticate.ts'
import type { Repo } from './records.ts'
import { forbiddenChanges } from './ref-rules.ts'

/**
 * git runs this hook for each ref of a push. The environment has the lists, one ref a line: a ref name cannot
 * contain a line feed.
 */
const UPDATE_HOOK = `#!/bin/sh
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
listed() {
  case "
$1
" in *"
$ref
"*) return 0 ;; esac
  return 1
}
refuse() {
  echo "error: GH006: Protected branch update failed for $ref."
  echo "error: $1"
  exit 1
}
if [ "$new" = $zero ]; then
  if listed "$EMULATOR_KEEP"; then refuse "Cannot delete a protected branch"; fi
  exit 0
fi
if listed "$EMULATOR_NO_PUSH"; then refuse "Changes must be made through a pull request."; fi
if [ "$old" != $zero ] && listed "$EMULATOR_NO_FORCE" && ! git merge-base --is-ancestor "$old" "$new"; then
  refuse "Cannot force-push to a protected branch"
fi
exit 0
`

/** Writes the hook that enforces branch protection. @returns its folder */
export async function writeHooks(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'hooks')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'update'), UPDATE_HOOK, { mode: 0o755 })
  return folder
}

/** Clone, fetch and push at `/:owner/:repo.git`, through git's smart HTTP protocol. */
export function gitRoutes(backend: GitHubBackend, hooks: string): App {
  const app: App = new Hono()
  app.on(['GET', 'POST'], '/:owner/:repo{.+\\.git}/:service{info/refs|git-upload-pack|git-receive-pack}', async (c) => {
    const service = c.req.param('service') === 'info/refs' ? c.req.query('service') ?? '' : c.req.param('service')
    const isWrite = service === 'git-receive-pack'
    const identity = callerOf(backend, c.req.header('authorization'))
    if (identity instanceof Response) return identity
    const repo = backend.store.findRepo(c.req.param('owner'), c.req.param('repo').slice(0, -'.git'.length))
    const level = repo ? levelOf(identity, repo) : 'none'
    if (identity === null && (level === 'none' || isWrite)) return unauthorized()
    if (repo === undefined || level === 'none') return c.text('Repository not found.', 404)
    if (isWrite && level === 'read') {
      return c.text(`Permission to ${repo.owner}/${repo.name}.git denied to ${identity?.login ?? ''}.`, 403)
    }

    const isPush = c.req.param('service') === 'git-receive-pack'
    const run = () => runBackend(c.env, {
      root: backend.git.root,
      path: `/${repo.dir}/${c.req.param('service')}`,
      query: new URL(c.req.url).search.slice(1),
      user: identity?.login ?? '',
      hooks,
      environment: protectedRefs(backend, identity, repo),
      onFinish: isPush ? () => recordPush(backend, repo) : undefined,
    })
    if (!isPush) await run()
    // An aborted push may also have moved refs.
    else await backend.refs.run(repo.dir, () => run().finally(() => backend.git.drop(repo.dir)))
    return RESPONSE_ALREADY_SENT
  })
  return app
}

/** Records a push, which writes objects and refs without the REST API. */
async function recordPush(backend: GitHubBackend, repo: Repo): Promise<void> {
  backend.git.drop(repo.dir)
  backend.store.touch(repo)
  const repository = backend.git.of(repo)
  if (await readRef(repository, `refs/heads/${repo.defaultBranch}`) !== undefined) return
  const first = (await listRefs(repository, 'refs/heads'))[0]?.ref.slice('refs/heads/'.length)
  if (first === undefined) return
  // The first branch that is pushed to an empty repository becomes its default.
  setHead(repository, first)
  backend.store.changeRepo(repo, { defaultBranch: first })
}

function protectedRefs(backend: GitHubBackend, identity: Identity, repo: Repo): Record<string, string> {
  const all = [...backend.store.protections(repo).keys()].map(branch =>
    ({ ref: `refs/heads/${branch}`, forbidden: forbiddenChanges(backend, identity, repo, branch) }))
  const lines = (kind: 'push' | 'force' | 'remove') =>
    all.filter(({ forbidden }) => forbidden[kind]).map(({ ref }) => ref).join('\n')
  return { EMULATOR_NO_PUSH: lines('push'), EMULATOR_NO_FORCE: lines('force'), EMULATOR_KEEP: lines('remove') }
}

/** The caller, or a 401 response. */
function callerOf(backend: GitHubBackend, header: string | undefined): Identity | Response {
  try {
    return authenticate(backend, header)
  }
  catch (error) {
    if (error instanceof HttpError) return unauthorized()
    throw error
  }
}

function unauthorized(): Response {
  return new Response('Invalid username or token.', { status: 401, headers: { 'www-authenticate': 'Basic realm="GitHub"' } })
}
