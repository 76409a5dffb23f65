/** A known vulnerability that is accepted, with the reason why it does no harm here. */
export interface Accepted { id: string, reason: string }

/** A known vulnerability of severity high or critical. */
export interface Vulnerability { id: string, package: string, severity: string, title: string, url: string }

export type AuditResult
  = | { state: 'not-offered', reason: string }
    | { state: 'checked', open: Vulnerability[], accepted: Vulnerability[] }

/** The part of npm's report that counts. https://docs.npmjs.com/cli/commands/npm-audit */
interface Advisory { name: string, title: string, url: string, severity: string }
interface Report {
  vulnerabilities?: Record<string, { via: (string | Advisory)[] }>
  statusCode?: number
  error?: { code?: string }
}

const SEVERE = ['high', 'critical']

/** Reads what `npm audit --json` has printed. A registry without the endpoint prints an error in the place of a report. */
export function readAudit(output: string, accepted: Accepted[]): AuditResult {
  const report = parse(output)
  if (!report?.vulnerabilities) return { state: 'not-offered', reason: String(report?.statusCode ?? report?.error?.code ?? 'no report') }
  const advisories = Object.values(report.vulnerabilities).flatMap(({ via }) => via).filter(via => typeof via !== 'string')
  const found = advisories.filter(({ severity }) => SEVERE.includes(severity)).map(toVulnerability)
  const severe = new Map(found.map(one => [one.id, one]))
  const isAccepted = ({ id }: Vulnerability) => accepted.some(known => known.id === id)
  return {
    state: 'checked',
    open: [...severe.values()].filter(one => !isAccepted(one)),
    accepted: [...severe.values()].filter(isAccepted),
  }
}

function parse(output: string): Report | undefined {
  try {
    return JSON.parse(output) as Report
  }
  catch {
    return undefined
  }
}

const toVulnerability = ({ name, title, url, severity }: Advisory): Vulnerability =>
  ({ id: url.slice(url.lastIndexOf('/') + 1), package: name, severity, title, url })
