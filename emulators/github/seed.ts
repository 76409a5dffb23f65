import { z } from 'zod'
import { GITHUB_ORG } from '../defaults.ts'
import { createRepo } from './create-repo.ts'
import { resolveCommit } from './git/history.ts'
import type { GitHubBackend } from './backend.ts'
import { DEFAULT_FEATURES, type Repo } from './records.ts'

/** `seed` of `PUT /__emulator/settings`: resources that other users create. */
export const seedSchema = z.strictObject({
  repos: z.array(z.strictObject({
    owner: z.string().default(GITHUB_ORG),
    name: z.string(),
    private: z.boolean().default(true),
    description: z.string().nullable().default(null),
    /** Files of its only commit, by name (top level only). No file: an empty repository. */
    files: z.record(z.string().regex(/^[^/]+$/), z.string()).default({ 'README.md': '# Another repository\n' }),
    login: z.string().default('other-user'),
    isTemplate: z.boolean().default(false),
  })).default([]),
  runs: z.array(z.strictObject({
    owner: z.string().default(GITHUB_ORG),
    repo: z.string(),
    name: z.string(),
    event: z.string().default('repository_dispatch'),
    status: z.enum(['queued', 'in_progress', 'completed']).default('completed'),
    conclusion: z.enum(['success', 'failure', 'cancelled', 'skipped']).nullable().default(null),
    head_branch: z.string().default('main'),
  })).default([]),
  issues: z.array(z.strictObject({ owner: z.string().default(GITHUB_ORG), repo: z.string(), title: z.string() })).default([]),
})

/** Creates resources that do not belong to the client under test. */
export async function seed(backend: GitHubBackend, plan: z.infer<typeof seedSchema>): Promise<void> {
  for (const repo of plan.repos) {
    await createRepo(backend, {
      ...repo,
      files: Object.keys(repo.files).length > 0 ? repo.files : undefined,
      homepage: null,
      defaultBranch: 'main',
      features: DEFAULT_FEATURES,
    })
  }
  for (const { owner, repo, title } of plan.issues) backend.store.addIssue(requireRepo(backend, owner, repo), title)
  for (const { owner, repo: name, ...run } of plan.runs) {
    const repo = requireRepo(backend, owner, name)
    const head = await resolveCommit(backend.git.of(repo), run.head_branch)
    backend.store.addRun(repo, { ...run, head_sha: head?.oid ?? '0'.repeat(40) })
  }
}

function requireRepo(backend: GitHubBackend, owner: string, name: string): Repo {
  const repo = backend.store.findRepo(owner, name)
  if (repo === undefined) throw new Error(`There is no repository ${owner}/${name}`)
  return repo
}
