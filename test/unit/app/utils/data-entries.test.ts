import { describe, expect, it } from 'vitest'
import { dataEntries } from '../../../../app/utils/data-entries.ts'

const rows = (value: unknown, labels?: Record<string, string>) => dataEntries(value, labels).map(({ label, text }) => [label, text])

describe('the rows of a JSON value', () => {
  it('are the fields of an object, with readable keys or better labels', () => {
    expect(rows({ githubOrg: 'atelier', year: 2026, isDryRun: false, note: null }))
      .toEqual([['Github org', 'atelier'], ['Year', '2026'], ['Is dry run', 'no'], ['Note', 'none']])
    expect(rows({ PRUNE_LOG: 12 }, { PRUNE_LOG: 'Old entries' })).toEqual([['Old entries', '12']])
  })

  it('hold nested values as formatted JSON', () => {
    const value = { groups: [{ number: 1 }], empty: [], nothing: {} }
    expect(dataEntries(value).map(({ key, text, isNested }) => [key, text, isNested])).toEqual([
      ['groups', JSON.stringify([{ number: 1 }], null, 2), true], ['empty', 'none', false], ['nothing', 'none', false],
    ])
  })

  it('are one row for a value without fields, and none where there is no value', () => {
    expect(rows('done')).toEqual([['', 'done']])
    expect(dataEntries([1, 2])).toEqual([{ key: '', label: '', text: '[\n  1,\n  2\n]', isNested: true }])
    expect([null, undefined, {}].map(value => dataEntries(value))).toEqual([[], [], []])
  })
})
