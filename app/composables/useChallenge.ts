import type { z } from 'zod'
import type { NewChallengeRepo } from '#shared/schemas/challenge'
import type { NewTask, Task } from '#shared/schemas/task'
import type { RunSummary } from '#shared/schemas/run'

const REFRESH_MS = 500
/** As many as a page of a list may have. */
const MANY = 100

/**
 * A challenge with its project, its links and its tasks, live: whatever happens in a run of one of its
 * workspaces shows at once, whoever started it.
 */
export function useChallenge(id: string) {
  const call = useApi()
  const keyFor = useKeyFor()
  const { data, problem, refresh } = useLoad(async () => {
    const [challenge, links, tasks] = await Promise.all([
      call('get /api/challenges/{id}', { params: { id } }),
      call('get /api/challenges/{id}/repos', { params: { id } }),
      listTasks(call, id),
    ])
    const [project, repos] = await Promise.all([
      call('get /api/projects/{id}', { params: { id: challenge.project_id } }),
      call('get /api/repos', { query: { project_id: challenge.project_id, pageSize: MANY } }),
    ])
    return { challenge, project, repos: repos.items, links: links.items, tasks }
  })

  const own = computed(() => new Set([...data.value?.links ?? [], ...data.value?.tasks.flatMap(task => task.workspaces) ?? []].map(({ workspace_id }) => workspace_id)))
  /** Workspaces that something was heard of since the last look. */
  const heard = new Set<string>()
  /** Workspaces of other challenges, as far as they were heard of. */
  const others = new Set<string>()
  const changes = gather(async () => {
    const asked = [...heard]
    heard.clear()
    await refresh()
    for (const workspace of asked) if (!own.value.has(workspace)) others.add(workspace)
  }, REFRESH_MS)

  function onRun(event: unknown) {
    const { subjectType, subjectId } = event as RunSummary
    // What is not known may be new here: somebody linked a repository, or was given a task.
    if (subjectType !== 'workspace' || others.has(subjectId)) return
    heard.add(subjectId)
    changes.ask()
  }
  useEventStream({ url: () => '/api/events', on: { run: onRun }, opened: changes.ask })
  onBeforeUnmount(changes.stop)

  /** Does something, and shows what became of it. */
  const then = <A extends unknown[]>(work: (...args: A) => Promise<unknown>) => async (...args: A): Promise<void> => {
    await work(...args)
    await refresh()
  }

  return {
    data,
    problem,
    refresh,
    setStatus: then((status: 'open' | 'closed') => call('put /api/challenges/{id}', { params: { id }, body: { status } })),
    link: then((wishes: Omit<z.input<typeof NewChallengeRepo>, 'challenge_id'>) => {
      const body = { ...wishes, challenge_id: id }
      return call('post /api/repos/challenge-repos', { body, idempotencyKey: keyFor(body) })
    }),
    /** Unlinks a repository, and removes the workspace there if that is wanted and nobody has worked in it. */
    unlink: then((repo: string, deprovision: boolean) => call('delete /api/repos/challenge-repos', { query: { challenge_id: id, repo_id: repo, deprovision } })),
    reprovision: then((workspace: string) => call('post /api/workspaces/{id}/reprovision', { params: { id: workspace } })),
    addTask: then((task: Omit<z.input<typeof NewTask>, 'challenge_id'>) => call('post /api/tasks', { body: { ...task, challenge_id: id } })),
    assign: then((task: string, contributor: string) => {
      const body = { userId: contributor }
      return call('post /api/tasks/{id}/assign', { params: { id: task }, body, idempotencyKey: keyFor([task, body]) })
    }),
    unassign: then((task: string, contributor: string) => call('delete /api/tasks/{id}/assign', { params: { id: task }, query: { userId: contributor } })),
    complete: then((task: string) => call('patch /api/tasks/{id}/complete', { params: { id: task } })),
    takeUp: then((task: string) => call('put /api/tasks/{id}', { params: { id: task }, body: { status: 'todo' } })),
  }
}

export type ChallengePage = ReturnType<typeof useChallenge>

/** All tasks of a challenge, page by page. */
async function listTasks(call: ReturnType<typeof useApi>, challenge: string): Promise<Task[]> {
  const all: Task[] = []
  for (let page = 1; ; page++) {
    const { items, total } = await call('get /api/tasks', { query: { challenge_id: challenge, page, pageSize: MANY } })
    all.push(...items)
    if (!items.length || all.length >= total) return all
  }
}
