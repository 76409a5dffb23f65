import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { describeSubjects, itemLabel, registerSubjects, subjectOf } from '../../../../server/engine/subjects.ts'
import { listSubjectResourceViews } from '../../../../server/engine/resource-views.ts'
import { useDatabase } from '../support/database.ts'
import { createRepo } from '../support/resources.ts'
import { record, refOf } from '../support/runs.ts'
import { newWorkflow } from '../support/workflows.ts'

/** What the engine knows of what runs are about: only what its domain says. */
useDatabase()

/** A subject of which only some are still there. */
function newSubject(type: string, existing: string[]) {
  const load = vi.fn((ids: string[]) =>
    Promise.resolve(new Map(ids.filter(id => existing.includes(id)).map(id => [id, { title: `${type} ${id}`, href: `/${type}/${id}` }]))))
  registerSubjects({ type, name: type, load, itemLabel: key => key === 'main' ? `The ${type}` : '' })
  return load
}

describe('subjects', () => {
  it('of several types have their titles and links; those that were deleted are left out, and so are unknown types', async () => {
    const [a, b, c, deleted, unknown] = Array.from({ length: 5 }, () => randomUUID()) as [string, string, string, string, string]
    newSubject('painting', [a, b])
    newSubject('sculpture', [c])
    const refs = [
      { subjectType: 'painting', subjectId: a }, { subjectType: 'sculpture', subjectId: c }, { subjectType: 'painting', subjectId: b },
      { subjectType: 'sculpture', subjectId: deleted }, { subjectType: 'forgotten', subjectId: unknown },
    ]
    expect(await describeSubjects(refs)).toEqual(new Map([
      [a, { title: `painting ${a}`, href: `/painting/${a}` }],
      [b, { title: `painting ${b}`, href: `/painting/${b}` }],
      [c, { title: `sculpture ${c}`, href: `/sculpture/${c}` }],
    ]))
  })

  it('are loaded together, each once, and only those of their own type', async () => {
    const [a, b] = [randomUUID(), randomUUID()]
    const [songs, poems] = [newSubject('song', [a]), newSubject('poem', [b])]
    await describeSubjects([a, a, b].map(subjectId => ({ subjectType: 'song', subjectId })))
    expect(songs.mock.calls).toEqual([[[a, b]]])
    expect(poems).not.toHaveBeenCalled()
  })

  it('of no run need nothing', async () => {
    expect(await describeSubjects([])).toEqual(new Map())
  })

  it('are replaced when their type is registered again', () => {
    newSubject('film', [])
    const before = subjectOf('film')
    newSubject('film', [])
    expect(subjectOf('film')).not.toBe(before)
  })
})

describe('the label of an item', () => {
  it('is what its subject calls it, or its key where nobody says', () => {
    newSubject('novel', [])
    expect(itemLabel('novel', 'main')).toBe('The novel')
    expect(itemLabel('novel', 'chapter-1')).toBe('chapter-1')
    expect(itemLabel('forgotten', 'main')).toBe('main')
    expect(itemLabel(null, 'main')).toBe('main')
  })
})

describe('the resources of a subject', () => {
  it('are those that any run created for it, each labelled by its subject, and removable as its rollback says', async () => {
    newSubject('garden', [])
    const subjectId = randomUUID()
    const undo = newWorkflow({ steps: [{ name: 'REMOVE_REPOS', removes: 'REPO' }] })
    const [plant, water] = [newWorkflow({ subject: 'garden', rollback: undo }), newWorkflow({ subject: 'garden' })]
    await createRepo(await refOf(await record(plant, { subjectId })), 'main')
    await createRepo(await refOf(await record(water, { subjectId })), 'path')
    await createRepo(await refOf(await record(plant)), 'of another garden')
    const views = await listSubjectResourceViews(subjectId, plant)
    expect(views.map(({ key, label, removable }) => ({ key, label, removable }))).toEqual([
      { key: 'main', label: 'The garden', removable: true }, { key: 'path', label: 'path', removable: true },
    ])
    expect((await listSubjectResourceViews(subjectId, water)).map(({ removable }) => removable)).toEqual([false, false])
  })
})
