import type { Route } from '../../core/pipeline.ts'
import { empty } from '../../core/refusal.ts'
import { repoOf } from '../access.ts'
import { invalidField, optionalObject, requiredString } from '../body.ts'
import { unprocessable } from '../errors.ts'
import { readCommit } from '../git/objects.ts'
import type { GitHubCall, Hub, Identity } from '../hub.ts'
import { paged } from '../paging.ts'
import { workflowRun } from '../present/run.ts'
import type { Repo } from '../records.ts'
import { repoSubject } from './repos.ts'

const LONGEST_EVENT_TYPE = 100
const MOST_PAYLOAD_KEYS = 10
const LARGEST_PAYLOAD = 64 * 1024

/** Repository dispatch, and the workflow runs that answer it. */
export function actionRoutes(hub: Hub): Route<Identity>[] {
  return [
    {
      method: 'POST',
      path: '/repos/:owner/:repo/dispatches',
      operation: 'repos/create-dispatch-event',
      subject: repoSubject,
      handler: (call) => {
        const repo = repoOf(hub, call, 'write')
        const event_type = requiredString(call.body, 'event_type')
        const client_payload = optionalObject(call.body, 'client_payload') ?? {}
        if (event_type === '' || event_type.length > LONGEST_EVENT_TYPE) {
          invalidField('RepositoryDispatch', 'event_type', `event_type must be between 1 and ${LONGEST_EVENT_TYPE} characters`)
        }
        const keys = Object.keys(client_payload).length
        if (keys > MOST_PAYLOAD_KEYS) {
          throw unprocessable(`Invalid request.\n\nNo more than ${MOST_PAYLOAD_KEYS} properties are allowed; ${keys} were supplied.`)
        }
        if (Buffer.byteLength(JSON.stringify(client_payload)) >= LARGEST_PAYLOAD) throw unprocessable('client_payload is too large.')
        hub.store.addDispatch(repo, { event_type, client_payload, sender: call.identity?.login ?? '' })
        return empty()
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runs',
      operation: 'actions/list-workflow-runs-for-repo',
      subject: repoSubject,
      handler: call => listRuns(hub, call, repoOf(hub, call)),
    },
  ]
}

async function listRuns(hub: Hub, call: GitHubCall, repo: Repo): Promise<Response> {
  const filters = [['event', call.query('event')], ['head_branch', call.query('branch')], ['head_sha', call.query('head_sha')]] as const
  const status = call.query('status')
  const runs = hub.store.runs(repo)
    .filter(run => filters.every(([key, value]) => value === undefined || run[key] === value))
    .filter(run => status === undefined || run.status === status || run.conclusion === status)
  const shown = await Promise.all(runs.map(async run =>
    workflowRun(hub, repo, run, await readCommit(hub.git.of(repo), run.head_sha), call.identity)))
  return paged(hub, call, shown, run => run, workflow_runs => ({ total_count: runs.length, workflow_runs }))
}
