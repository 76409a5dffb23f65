import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Accepted, readAudit } from './lib/audit.ts'
import { fromRoot } from './lib/root.ts'

/** Looks for known vulnerabilities in what ships, where the registry offers that. A severe one fails, unless it is accepted. */
const TIMEOUT_MS = 60_000

const accepted = JSON.parse(readFileSync(fromRoot('.ci', 'accepted-vulnerabilities.json'), 'utf8')) as Accepted[]
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: fromRoot(), encoding: 'utf8', timeout: TIMEOUT_MS })
const result = readAudit(stdout, accepted)
if (result.state === 'not-offered') {
  console.log(`Known vulnerabilities were not looked for: the registry offers no audit (${result.reason}).`)
}
else {
  for (const { id, package: name } of result.accepted) console.log(`${name}: ${id} is accepted, see .ci/accepted-vulnerabilities.json.`)
  for (const { package: name, severity, title, url } of result.open) console.error(`${name}: ${severity}, ${title}, ${url}`)
  console.log(`Known vulnerabilities, high or critical, in what ships: ${result.open.length}.`)
  if (result.open.length) process.exitCode = 1
}
