import type { Commit } from '../git/objects.ts'
import type { GitHubBackend, Identity } from '../backend.ts'
import type { Repo, Schemas, WorkflowRun } from '../records.ts'
import { isoSeconds } from './git.ts'
import { minimalRepository, repoPage, repoUrl } from './repo.ts'
import { nodeId, simpleUser } from './user.ts'

/** @param commit the commit of the run, if it exists here */
export function workflowRun(
  backend: GitHubBackend,
  repo: Repo,
  run: WorkflowRun,
  commit: Commit | undefined,
  identity: Identity,
): Schemas['workflow-run'] {
  const url = `${repoUrl(backend, repo)}/actions/runs/${run.id}`
  const workflow = `${repoUrl(backend, repo)}/actions/workflows/${run.id}`
  const repository = minimalRepository(backend, repo, identity)
  const person = commit?.commit.author
  return {
    id: run.id,
    node_id: nodeId('WorkflowRun', run.id),
    name: run.name,
    path: `.github/workflows/${run.name}.yml`,
    display_title: run.name,
    run_number: run.id,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.id,
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    head_branch: run.head_branch,
    head_sha: run.head_sha,
    head_commit: commit && person
      ? {
          id: commit.oid,
          tree_id: commit.commit.tree,
          message: commit.commit.message,
          timestamp: isoSeconds(commit.commit.committer.timestamp),
          author: { name: person.name, email: person.email },
          committer: { name: commit.commit.committer.name, email: commit.commit.committer.email },
        }
      : null,
    url,
    html_url: `${repoPage(backend, repo)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.created_at,
    updated_at: run.created_at,
    run_started_at: run.created_at,
    actor: simpleUser(backend, repo.owner),
    triggering_actor: simpleUser(backend, repo.owner),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repoUrl(backend, repo)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: workflow,
    repository,
    head_repository: repository,
  }
}
