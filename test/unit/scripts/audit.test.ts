import { expect, it } from 'vitest'
import { readAudit } from '../../../scripts/lib/audit.ts'

const advisory = (id: string, severity: string) =>
  ({ source: 1, name: 'package-a', title: 'It is open', url: `https://github.com/advisories/${id}`, severity, range: '<2' })
const report = JSON.stringify({
  vulnerabilities: {
    'package-a': { name: 'package-a', severity: 'critical', via: [advisory('GHSA-a', 'critical'), advisory('GHSA-b', 'moderate')] },
    'package-b': { name: 'package-b', severity: 'high', via: ['package-a', advisory('GHSA-c', 'high'), advisory('GHSA-a', 'critical')] },
  },
})

it('finds what is high or critical, each once, unless it is accepted', () => {
  const ids = (accepted: string[]) => {
    const result = readAudit(report, accepted.map(id => ({ id, reason: 'It is not reached.' })))
    if (result.state !== 'checked') throw new Error(result.reason)
    return { open: result.open.map(({ id }) => id), accepted: result.accepted.map(({ id }) => id) }
  }
  expect(ids([])).toEqual({ open: ['GHSA-a', 'GHSA-c'], accepted: [] })
  expect(ids(['GHSA-a', 'GHSA-z'])).toEqual({ open: ['GHSA-c'], accepted: ['GHSA-a'] })
})

it('tells a registry without an audit from one that found nothing', () => {
  expect(readAudit('{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":""}}', []))
    .toEqual({ state: 'not-offered', reason: '405' })
  expect(readAudit('{"error":{"code":"ENOAUDIT"}}', [])).toEqual({ state: 'not-offered', reason: 'ENOAUDIT' })
  expect(readAudit('', [])).toEqual({ state: 'not-offered', reason: 'no report' })
  expect(readAudit('{"vulnerabilities":{}}', [])).toEqual({ state: 'checked', open: [], accepted: [] })
})
