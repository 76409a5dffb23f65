import { describe, expect, it } from 'vitest'
import { operations, type Operation } from '../../../../shared/contract.ts'
import { actionItems, dayRange, exportAddress, subjectPage } from '../../../../app/utils/audit-filters.ts'

describe('the filters of the audit', () => {
  it('offer every change of the contract', () => {
    const changes = Object.entries<Operation>(operations).filter(([, { method }]) => method !== 'get').map(([id]) => id)
    expect(actionItems.map(({ value }) => value).sort()).toEqual(changes.sort())
    expect(actionItems).toContainEqual({ value: 'retryCourse', label: 'Retry course' })
  })

  it('take days of this computer, the last one included', () => {
    expect(dayRange('2026-11-20', '2026-11-20'))
      .toEqual({ from: new Date(2026, 10, 20).toISOString(), to: new Date(2026, 10, 21).toISOString() })
    expect(dayRange('2026-12-31', undefined)).toEqual({ from: new Date(2026, 11, 31).toISOString(), to: undefined })
    for (const wrong of ['', 'today', '2026-1-1', '99999-01-01', '0000-99-99x']) expect(dayRange(wrong, wrong)).toEqual({})
  })

  it('go into the address of an export', () => {
    expect(exportAddress('/api/audit/export', { service: 'GITHUB', result: undefined, from: '2026-01-01T00:00:00.000Z' }, 'jsonl'))
      .toBe('/api/audit/export?service=GITHUB&from=2026-01-01T00%3A00%3A00.000Z&format=jsonl')
  })

  it('link what has a page', () => {
    expect(subjectPage('run', 'x')).toBe('/runs/x')
    for (const [type, id] of [['key', 'x'], ['run', null], [null, 'x'], ['moon', 'x']] as const)
      expect(subjectPage(type, id)).toBeUndefined()
  })
})
