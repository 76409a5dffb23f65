import type { z } from 'zod'
import type { NewChallengeRepo } from '#shared/schemas/challenge'
import type { NewTask, Task } from '#shared/schemas/task'
import type { RunSummary } from '#shared/schemas/run'

const REFRESH_MS = 500
/** The largest page that the API allows. */
const MAX_PAGE_SIZE = 100

/** A challenge with its project, its links and its tasks, live: every change of a run of its workspaces shows at once. */
export function useChallenge(id: string) {
  const call = useApi()
  const idempotencyKeyFor = useIdempotencyKey()
  const { data, problem, refresh } = useLoad(async () => {
    const [challenge, links, tasks] = await Promise.all([
      call('get /api/challenges/{id}', { params: { id } }),
      call('get /api/challenges/{id}/repos', { params: { id } }),
      listTasks(call, id),
    ])
    const [project, repos] = await Promise.all([
      call('get /api/projects/{id}', { params: { id: challenge.project_id } }),
      call('get /api/repos', { query: { project_id: challenge.project_id, pageSize: MAX_PAGE_SIZE } }),
    ])
    return { challenge, project, repos: repos.items, links: links.items, tasks }
  })

  const ownIds = computed(() => {
    const workspaces = [...data.value?.links ?? [], ...data.value?.tasks.flatMap(task => task.workspaces) ?? []]
    return new Set(workspaces.map(({ workspace_id }) => workspace_id))
  })
  /** Workspaces with a run event since the last refresh. */
  const changedIds = new Set<string>()
  /** Workspaces of other challenges, as far as an event named them. */
  const otherIds = new Set<string>()
  const reload = throttle(async () => {
    const ids = [...changedIds]
    changedIds.clear()
    await refresh()
    for (const workspaceId of ids) if (!ownIds.value.has(workspaceId)) otherIds.add(workspaceId)
  }, REFRESH_MS)

  function onRun(event: unknown) {
    const { subjectType, subjectId } = event as RunSummary
    // An unknown workspace may be new in this challenge: somebody linked a repository or assigned a task.
    if (subjectType !== 'workspace' || otherIds.has(subjectId)) return
    changedIds.add(subjectId)
    reload.trigger()
  }
  useEventStream({ url: () => '/api/events', on: { run: onRun }, opened: reload.trigger })
  onBeforeUnmount(reload.stop)

  /** Adds a refresh to an action. */
  const withRefresh = <A extends unknown[]>(work: (...args: A) => Promise<unknown>) => async (...args: A): Promise<void> => {
    await work(...args)
    await refresh()
  }

  return {
    data,
    problem,
    refresh,
    setStatus: withRefresh((status: 'open' | 'closed') => call('put /api/challenges/{id}', { params: { id }, body: { status } })),
    link: withRefresh((spec: Omit<z.input<typeof NewChallengeRepo>, 'challenge_id'>) => {
      const body = { ...spec, challenge_id: id }
      return call('post /api/repos/challenge-repos', { body, idempotencyKey: idempotencyKeyFor(body) })
    }),
    /** Unlinks a repository; with `deprovision` the workspace there is removed, too, unless somebody has worked in it. */
    unlink: withRefresh((repo: string, deprovision: boolean) =>
      call('delete /api/repos/challenge-repos', { query: { challenge_id: id, repo_id: repo, deprovision } })),
    reprovision: withRefresh((workspace: string) => call('post /api/workspaces/{id}/reprovision', { params: { id: workspace } })),
    addTask: withRefresh((task: Omit<z.input<typeof NewTask>, 'challenge_id'>) =>
      call('post /api/tasks', { body: { ...task, challenge_id: id } })),
    assign: withRefresh((task: string, contributor: string) => {
      const body = { userId: contributor }
      return call('post /api/tasks/{id}/assign', { params: { id: task }, body, idempotencyKey: idempotencyKeyFor([task, body]) })
    }),
    unassign: withRefresh((task: string, contributor: string) =>
      call('delete /api/tasks/{id}/assign', { params: { id: task }, query: { userId: contributor } })),
    complete: withRefresh((task: string) => call('patch /api/tasks/{id}/complete', { params: { id: task } })),
    reopen: withRefresh((task: string) => call('put /api/tasks/{id}', { params: { id: task }, body: { status: 'todo' } })),
  }
}

export type ChallengePage = ReturnType<typeof useChallenge>

/** All tasks of a challenge, page by page. */
async function listTasks(call: ReturnType<typeof useApi>, challenge: string): Promise<Task[]> {
  const all: Task[] = []
  for (let page = 1; ; page++) {
    const { items, total } = await call('get /api/tasks', { query: { challenge_id: challenge, page, pageSize: MAX_PAGE_SIZE } })
    all.push(...items)
    if (!items.length || all.length >= total) return all
  }
}
