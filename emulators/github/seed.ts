import { z } from 'zod'
import { GITHUB_ORG } from '../defaults.ts'
import { createRepo } from './create-repo.ts'
import { resolveCommit } from './git/history.ts'
import type { Hub } from './hub.ts'
import { DEFAULT_FEATURES, type Repo } from './records.ts'

/** `seed` of `PUT /__emulator/settings`: what other people made. */
export const seedSchema = z.strictObject({
  repos: z.array(z.strictObject({
    owner: z.string().default(GITHUB_ORG),
    name: z.string(),
    private: z.boolean().default(true),
    description: z.string().nullable().default(null),
    /** Content of each file of its one commit (top level only); none for an empty repository. */
    files: z.record(z.string().regex(/^[^/]+$/), z.string()).default({ 'README.md': '# Somebody else\'s\n' }),
    login: z.string().default('stranger'),
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

/** Puts things there that the client under test did not make. */
export async function seed(hub: Hub, plan: z.infer<typeof seedSchema>): Promise<void> {
  for (const repo of plan.repos) {
    await createRepo(hub, {
      ...repo,
      files: Object.keys(repo.files).length > 0 ? repo.files : undefined,
      homepage: null,
      defaultBranch: 'main',
      features: DEFAULT_FEATURES,
    })
  }
  for (const { owner, repo, title } of plan.issues) hub.store.addIssue(known(hub, owner, repo), title)
  for (const { owner, repo: name, ...run } of plan.runs) {
    const repo = known(hub, owner, name)
    const head = await resolveCommit(hub.git.of(repo), run.head_branch)
    hub.store.addRun(repo, { ...run, head_sha: head?.oid ?? '0'.repeat(40) })
  }
}

function known(hub: Hub, owner: string, name: string): Repo {
  const repo = hub.store.findRepo(owner, name)
  if (repo === undefined) throw new Error(`there is no repository ${owner}/${name}`)
  return repo
}
