import type { OperationId, operations } from '../../shared/contract'
import type { ActionSubject } from '../../shared/schemas/action'
import { readable } from './readable'

type ChangeId = { [Id in OperationId]: (typeof operations)[Id]['method'] extends 'get' ? never : Id }[OperationId]

/** Every action that the audit may have. Named again, because the contract would bring all its schemas into the page. */
const changes: Record<ChangeId, true> = {
  createCourse: true, retryCourse: true, chooseDiscordServer: true,
  createProject: true, updateProject: true, deleteProject: true,
  createRepo: true, updateRepo: true, deleteRepo: true,
  createChallenge: true, updateChallenge: true, deleteChallenge: true, linkChallengeRepo: true, unlinkChallengeRepo: true,
  createTask: true, updateTask: true, deleteTask: true, assignTask: true, unassignTask: true, completeTask: true,
  createContributor: true, updateContributor: true, deleteContributor: true,
  reprovisionWorkspace: true, removeWorkspace: true,
  cancelRun: true, retryRun: true, answerWait: true,
  signIn: true, signOut: true, endSession: true, createSignInLink: true, createKey: true, updateKey: true, revokeKey: true,
}
export const actionItems = Object.keys(changes).map(value => ({ value, label: readable(value) }))

const pages: Partial<Record<ActionSubject, string>> = {
  course: '/courses', project: '/projects', challenge: '/challenges', run: '/runs',
}

/** The page of what an action is about; undefined when it has none. */
export function subjectPage(type: string | null, id: string | null): string | undefined {
  const folder = pages[type as ActionSubject]
  return folder && id ? `${folder}/${id}` : undefined
}

/** Days as a person chooses them, the last one included, as times of the API. Anything else filters nothing. */
export function dayRange(from: string | undefined, to: string | undefined): { from?: string, to?: string } {
  const start = (day: string | undefined, plus: number) => {
    const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? []
    const at = new Date(Number(year), Number(month) - 1, Number(date) + plus)
    return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
  }
  return { from: start(from, 0), to: start(to, 1) }
}

/** The address of a file with what a list shows. */
export function exportAddress(path: string, filter: Record<string, string | undefined>, format: 'csv' | 'jsonl'): string {
  const all: Record<string, string | undefined> = { ...filter, format }
  const set = Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return `${path}?${new URLSearchParams(set)}`
}
