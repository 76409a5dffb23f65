import { attempt, ensure, type Outcome, type RunRef, valueOf } from '../../ledger'
import { commitFiles, createRepo, findCommit, findOwnRepo, protectBranch } from '../../lib/github'
import { groupItem } from '../../../shared/utils/course-steps'
import type { StepName } from '../../../workflows.config'
import type { CoursePlanRow } from '../queries'
import { markerOf, resourceOf } from './resources'
import { seedFiles } from './seed'

interface RepoSpec {
  /** `main`, or a group's item. */
  item: string
  name: string
  /** What people call it, in its description and its README. */
  title: string
  /** The steps as users see them: repository, protection, seed. */
  steps: readonly [StepName, StepName, StepName]
}

const LECTURE_STEPS = ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'] as const
const GROUP_STEPS = ['CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT'] as const

/** The repositories of a course: the lecture's, then one for each group. */
export const repoSpecs = ({ name: course, githubRepoName, labGroups }: CoursePlanRow): RepoSpec[] => [
  ...githubRepoName ? [{ item: 'main', name: githubRepoName, title: course, steps: LECTURE_STEPS }] : [],
  ...labGroups.map(({ number, name, githubRepoName }) =>
    ({ item: groupItem(number), name: githubRepoName, title: `${course}: group ${number} ${name}`, steps: GROUP_STEPS })),
]

/** A repository from nothing to ready: created, then protected and seeded concurrently. */
export async function openRepo(run: RunRef, plan: CoursePlanRow, spec: RepoSpec): Promise<Outcome<unknown>[]> {
  const [create, protect, seed] = spec.steps
  const created = await attempt(run, create, spec.item, () => ensureRepo(run, plan, spec))
  const repo = valueOf(created)
  if (!repo) return [created]
  return Promise.all([
    attempt(run, protect, spec.item, () => ensureProtection(run, spec, repo)),
    attempt(run, seed, spec.item, () => ensureSeed(run, plan, spec, repo)),
  ])
}

/** A repository that exists. */
interface ExistingRepo { name: string, branch: string, url: string }

async function ensureRepo(run: RunRef, { semester }: CoursePlanRow, { item, name, title }: RepoSpec): Promise<ExistingRepo> {
  const repo = { name, description: `${title}, ${semester}`, marker: markerOf(run.subjectId, item) }
  const { url, detail } = await ensure(resourceOf(run, { service: 'GITHUB', type: 'REPO', key: item, name }), {
    look: 'after-interruption',
    find: () => findOwnRepo(repo).then(found => found && toCreated(found)),
    create: () => createRepo(repo).then(toCreated),
  })
  return { name, url, branch: String(detail?.branch ?? 'main') }
}

const toCreated = ({ id, url, branch }: { id: string, url: string, branch: string }) => ({ id, url, detail: { branch } })

async function ensureProtection(run: RunRef, { item }: RepoSpec, repo: ExistingRepo): Promise<void> {
  const name = `${repo.name}:${repo.branch}`
  await ensure(resourceOf(run, { service: 'GITHUB', type: 'BRANCH_PROTECTION', key: item, name }), {
    look: 'after-interruption',
    // Setting the same protection again changes nothing, so there is nothing to look for.
    find: () => Promise.resolve(null),
    create: async () => {
      await protectBranch(repo)
      return { id: name, url: `${repo.url}/settings/branches` }
    },
  })
}

async function ensureSeed(run: RunRef, plan: CoursePlanRow, { item, title }: RepoSpec, repo: ExistingRepo): Promise<void> {
  const marker = markerOf(run.subjectId, item)
  const files = seedFiles({ title, course: plan.name, semester: plan.semester })
  await ensure(resourceOf(run, { service: 'GITHUB', type: 'SEED_COMMIT', key: item, name: repo.name }), {
    look: 'after-interruption',
    find: () => findCommit(repo, marker).then(commit => commit && { id: commit.sha, url: commit.url }),
    create: () => commitFiles(repo, { files, message: 'Seed the course', marker, date: plan.createdAt })
      .then(commit => ({ id: commit.sha, url: commit.url })),
  })
}
