import { type Outcome, attempt, ensure, valueOf } from '../../ledger'
import { commitFiles, createRepo, findCommit, findOwnRepo, protectBranch } from '../../lib/github'
import type { CoursePlanRow } from '../queries'
import { groupItem } from '../../../shared/utils/course-steps'
import type { StepName } from '../../../workflows.config'
import { seedFiles } from './seed'
import type { CourseRef } from '../../workflows/provision-course/types'
import { markerOf, resourceOf, workOf } from './work'

interface WantedRepo {
  /** `main`, or a group's item. */
  item: string
  name: string
  /** What people call it, in its description and its README. */
  title: string
  groupNumber?: number
  /** The steps as users see them: repository, protection, seed. */
  steps: readonly [StepName, StepName, StepName]
}

const LECTURE_STEPS = ['CREATE_GITHUB_REPO', 'APPLY_BRANCH_PROTECTION', 'SEED_GITHUB_CONTENT'] as const
const GROUP_STEPS = ['CREATE_GROUP_REPOS', 'APPLY_GROUP_BRANCH_PROTECTIONS', 'SEED_GROUP_CONTENT'] as const

/** The repositories of a course: the lecture's, then one for each group. */
export const wantedRepos = ({ name: course, githubRepoName, labGroups }: CoursePlanRow): WantedRepo[] => [
  ...githubRepoName ? [{ item: 'main', name: githubRepoName, title: course, steps: LECTURE_STEPS }] : [],
  ...labGroups.map(({ number, name, githubRepoName }) => ({ item: groupItem(number), name: githubRepoName, title: `${course}: group ${number} ${name}`, groupNumber: number, steps: GROUP_STEPS })),
]

/** A repository from nothing to ready: made, then protected and seeded side by side. */
export async function openRepo(course: CourseRef, plan: CoursePlanRow, wanted: WantedRepo): Promise<Outcome<unknown>[]> {
  const [make, protect, seed] = wanted.steps
  const work = workOf(course)
  const made = await attempt(work, make, wanted.item, () => ensureRepo(course, plan, wanted))
  const repo = valueOf(made)
  if (!repo) return [made]
  return Promise.all([
    attempt(work, protect, wanted.item, () => ensureProtection(course, wanted, repo)),
    attempt(work, seed, wanted.item, () => ensureSeed(course, plan, wanted, repo)),
  ])
}

/** A repository that exists. */
interface MadeRepo { name: string, branch: string, url: string }

async function ensureRepo(course: CourseRef, { semester }: CoursePlanRow, { item, name, title, groupNumber }: WantedRepo): Promise<MadeRepo> {
  const repo = { name, description: `${title}, ${semester}`, marker: markerOf(course, item) }
  const { url, detail } = await ensure(resourceOf(course, { service: 'GITHUB', type: 'REPO', key: item, name, groupNumber }), {
    look: 'after-interruption',
    find: () => findOwnRepo(repo).then(found => found && toMade(found)),
    create: () => createRepo(repo).then(toMade),
  })
  return { name, url, branch: String(detail?.branch ?? 'main') }
}

const toMade = ({ id, url, branch }: { id: string, url: string, branch: string }) => ({ id, url, detail: { branch } })

async function ensureProtection(course: CourseRef, { item, groupNumber }: WantedRepo, repo: MadeRepo): Promise<void> {
  await ensure(resourceOf(course, { service: 'GITHUB', type: 'BRANCH_PROTECTION', key: item, name: `${repo.name}:${repo.branch}`, groupNumber }), {
    look: 'after-interruption',
    // Setting the same protection again changes nothing, so there is nothing to look for.
    find: () => Promise.resolve(null),
    create: async () => {
      await protectBranch(repo)
      return { id: `${repo.name}:${repo.branch}`, url: `${repo.url}/settings/branches` }
    },
  })
}

async function ensureSeed(course: CourseRef, plan: CoursePlanRow, { item, title, groupNumber }: WantedRepo, repo: MadeRepo): Promise<void> {
  const marker = markerOf(course, item)
  await ensure(resourceOf(course, { service: 'GITHUB', type: 'SEED_COMMIT', key: item, name: repo.name, groupNumber }), {
    look: 'after-interruption',
    find: () => findCommit(repo, marker).then(commit => commit && { id: commit.sha, url: commit.url }),
    create: () => commitFiles(repo, { files: seedFiles({ title, course: plan.name, semester: plan.semester }), message: 'Seed the course', marker, date: plan.createdAt })
      .then(commit => ({ id: commit.sha, url: commit.url })),
  })
}
