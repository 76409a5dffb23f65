import { type Outcome, attempt, ensure, valueOf } from '../../ledger'
import { commitFiles, createRepo, findCommit, findOwnRepo, protectBranch } from '../../lib/github'
import type { StepName } from '../../../workflows.config'
import { seedFiles } from './seed'
import type { CourseRef, MadeRepo } from './types'
import { markerOf, resourceOf, workOf } from './work'

interface Wanted {
  /** `main`, or a group's item. */
  item: string
  name: string
  description: string
  /** What the README calls it. */
  title: string
  groupNumber?: number
  /** The steps as users see them: repository, protection, seed. */
  steps: readonly [StepName, StepName, StepName]
}

/** A repository from nothing to ready: made, then protected and seeded side by side. */
export async function openRepo(course: CourseRef, wanted: Wanted): Promise<Outcome<unknown>[]> {
  const [make, protect, seed] = wanted.steps
  const work = workOf(course)
  const made = await attempt(work, make, wanted.item, () => ensureRepo(course, wanted))
  const repo = valueOf(made)
  if (!repo) return [made]
  return Promise.all([
    attempt(work, protect, wanted.item, () => ensureProtection(course, wanted, repo)),
    attempt(work, seed, wanted.item, () => ensureSeed(course, wanted, repo)),
  ])
}

async function ensureRepo(course: CourseRef, { item, name, description, groupNumber }: Wanted): Promise<MadeRepo> {
  const repo = { name, description, marker: markerOf(course, item) }
  const { url, detail } = await ensure(resourceOf(course, { service: 'GITHUB', type: 'REPO', key: item, name, groupNumber }), {
    look: 'after-interruption',
    find: () => findOwnRepo(repo).then(found => found && toMade(found)),
    create: () => createRepo(repo).then(toMade),
  })
  return { name, url, branch: String(detail?.branch ?? 'main') }
}

const toMade = ({ id, url, branch }: { id: string, url: string, branch: string }) => ({ id, url, detail: { branch } })

async function ensureProtection(course: CourseRef, { item, groupNumber }: Wanted, repo: MadeRepo): Promise<void> {
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

async function ensureSeed(course: CourseRef, { item, title, groupNumber }: Wanted, repo: MadeRepo): Promise<void> {
  const marker = markerOf(course, item)
  await ensure(resourceOf(course, { service: 'GITHUB', type: 'SEED_COMMIT', key: item, name: repo.name, groupNumber }), {
    look: 'after-interruption',
    find: () => findCommit(repo, marker).then(commit => commit && { id: commit.sha, url: commit.url }),
    create: () => commitFiles(repo, { files: seedFiles({ title, course: course.name, semester: course.semester }), message: 'Seed the course', marker, date: new Date(course.createdAt) })
      .then(commit => ({ id: commit.sha, url: commit.url })),
  })
}
