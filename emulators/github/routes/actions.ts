import type { Route } from '../../core/pipeline.ts'
import { empty } from '../../core/response.ts'
import { requireRepo } from '../access.ts'
import { invalidField, optionalObject, requiredString } from '../body.ts'
import { unprocessable } from '../errors.ts'
import { readCommit } from '../git/objects.ts'
import type { GitHubCall, GitHubBackend, Identity } from '../backend.ts'
import { paged } from '../paging.ts'
import { workflowRun } from '../serializers/run.ts'
import type { Repo } from '../records.ts'
import { repoSubject } from './repos.ts'

const MAX_EVENT_TYPE_LENGTH = 100
const MAX_PAYLOAD_KEYS = 10
const MAX_PAYLOAD_BYTES = 64 * 1024

/** Repository dispatches and workflow runs. */
export function actionRoutes(backend: GitHubBackend): Route<Identity>[] {
  return [
    {
      method: 'POST',
      path: '/repos/:owner/:repo/dispatches',
      operation: 'repos/create-dispatch-event',
      subject: repoSubject,
      handler: (call) => {
        const repo = requireRepo(backend, call, 'write')
        const event_type = requiredString(call.body, 'event_type')
        const client_payload = optionalObject(call.body, 'client_payload') ?? {}
        if (event_type === '' || event_type.length > MAX_EVENT_TYPE_LENGTH) {
          invalidField('RepositoryDispatch', 'event_type', `event_type must be between 1 and ${MAX_EVENT_TYPE_LENGTH} characters`)
        }
        const keys = Object.keys(client_payload).length
        if (keys > MAX_PAYLOAD_KEYS) {
          throw unprocessable(`Invalid request.\n\nNo more than ${MAX_PAYLOAD_KEYS} properties are allowed; ${keys} were supplied.`)
        }
        if (Buffer.byteLength(JSON.stringify(client_payload)) >= MAX_PAYLOAD_BYTES) throw unprocessable('client_payload is too large.')
        backend.store.addDispatch(repo, { event_type, client_payload, sender: call.identity?.login ?? '' })
        return empty()
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runs',
      operation: 'actions/list-workflow-runs-for-repo',
      subject: repoSubject,
      handler: call => listRuns(backend, call, requireRepo(backend, call)),
    },
  ]
}

async function listRuns(backend: GitHubBackend, call: GitHubCall, repo: Repo): Promise<Response> {
  const filters = [
    ['event', call.query('event')],
    ['head_branch', call.query('branch')],
    ['head_sha', call.query('head_sha')],
  ] as const
  const status = call.query('status')
  const runs = backend.store.runs(repo)
    .filter(run => filters.every(([key, value]) => value === undefined || run[key] === value))
    .filter(run => status === undefined || run.status === status || run.conclusion === status)
  const shown = await Promise.all(runs.map(async run =>
    workflowRun(backend, repo, run, await readCommit(backend.git.of(repo), run.head_sha), call.identity)))
  return paged(backend, call, shown, run => run, workflow_runs => ({ total_count: runs.length, workflow_runs }))
}
