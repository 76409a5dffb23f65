import type { Transaction } from '../db/client'
import type { BoundScope, Ids } from '../db/scope'
import type { RunSubject } from '../../shared/schemas/run'

/** The subject of runs that are about the installation itself. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000'

/** A wait of a run that is about a subject. */
export interface SubjectWait { runId: string, kind: string, subjectId: string }

/**
 * What a domain declares about the subjects of its runs. Runs, resources, audit entries and waits refer to a subject
 * by type and id; lists and pages get its title and link from here.
 */
export interface Subject {
  /** As `workflows.config.ts` names it, `course`. */
  type: string
  /** What people call it, in a sentence: `course`. */
  name: string
  /** Titles and links of those that exist. */
  load: (ids: string[]) => Promise<Map<string, RunSubject>>
  /** What people call one of its parts, by the key of an item or a resource: `Group 3`. */
  itemLabel: (key: string) => string
  /** Those of the courses and projects that a key is bound to. Absent: none, so that a bound key sees nothing about them. */
  within?: (scope: BoundScope) => Ids
  /**
   * Checks an answer to a wait before it is recorded.
   * @returns records what the answer means, in the transaction that records the answer
   * @throws problem when the answer is not accepted
   */
  acceptAnswer?: (wait: SubjectWait, answer: unknown) => Promise<((tx: Transaction) => Promise<void>) | undefined>
}

// In development steps are bundled apart from the server: the process, not the module, has the registry.
const shared = globalThis as typeof globalThis & { __atelierSubjects?: Map<string, Subject> }
const subjects = (): Map<string, Subject> => shared.__atelierSubjects ??= new Map()

/** Registers subjects with the engine. */
export function registerSubjects(...added: Subject[]): void {
  for (const subject of added) subjects().set(subject.type, subject)
}

/** The subject of that type, if it is registered. */
export const subjectOf = (type: string): Subject | undefined => subjects().get(type)

/** All registered subjects. */
export const listSubjects = (): Subject[] => [...subjects().values()]

/** What people call a part of a subject; by default its key. */
export const itemLabel = (type: string | null, key: string): string => (type && subjectOf(type)?.itemLabel(key)) || key

/** A reference to a subject, as rows have it. */
export interface SubjectRef { subjectType: string, subjectId: string }

/** Titles and links of subjects by their ids; those that were deleted are left out. */
export async function describeSubjects(refs: SubjectRef[]): Promise<Map<string, RunSubject>> {
  const byType = Map.groupBy(refs, ({ subjectType }) => subjectType)
  const described = await Promise.all([...byType].map(async ([type, ofType]) =>
    await subjectOf(type)?.load([...new Set(ofType.map(({ subjectId }) => subjectId))]) ?? new Map<string, RunSubject>()))
  return new Map(described.flatMap(subjects => [...subjects]))
}
