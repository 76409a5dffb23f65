import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createClient } from './demo/client.ts'
import { demoCourses } from './demo/courses.ts'
import { Display } from './demo/progress.ts'
import { provision } from './demo/provision.ts'
import type { Provisioned } from './demo/provision.ts'
import { demoProject } from './demo/project.ts'
import { gitHubOf } from './demo/repository.ts'
import { table } from './demo/table.ts'
import { type ProvisionedProject, provisionProject } from './demo/workspaces.ts'
import { runCommand } from './lib/command.ts'
import { LaunchError, messageOf } from './lib/errors.ts'
import { launch } from './lib/launcher.ts'
import { signInLink, welcome } from './lib/welcome.ts'

const usage = `npm run demo -- [options]
  --exit   stop everything after the table; exit code 1 if a course or a branch was not provisioned
  --json   print one JSON object as the last line, and no secret anywhere`

function readOptions() {
  try {
    return parseArgs({ options: { exit: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values
  }
  catch (error) {
    throw new LaunchError(`${messageOf(error)}\n${usage}`)
  }
}

function showResources(courses: Provisioned[]): void {
  for (const { name, resources } of courses) {
    const rows = resources.map(({ service, type, name: made, url }) => [`${service} ${type}`.toLowerCase().replaceAll('_', ' '), made, url ?? ''])
    console.log(['', ...table([name, 'name', 'link'], rows)].join('\n'))
  }
  console.log()
}

function showBranches({ title, branches }: ProvisionedProject): void {
  const rows = branches.map(({ kind, title, assignee, ref, url }) => [kind, title, assignee ?? '', ref.replace(/^refs\/heads\//, ''), url ?? ''])
  console.log([...table([title, 'title', 'assigned to', 'branch', 'link'], rows), ''].join('\n'))
}

async function demo(stack: AsyncDisposableStack, { exit = false, json = false }): Promise<number> {
  const started = performance.now()
  const report = (result: { ok: boolean, url: string | null, courses: Provisioned[], project: ProvisionedProject | null, error?: string }) => {
    if (json) console.log(JSON.stringify({ ...result, durationMs: Math.round(performance.now() - started) }))
  }
  try {
    const display = new Display(process.stdout, [...demoCourses.map(({ name }) => name), demoProject.title])
    const launched = await launch({ mode: 'production', say: line => display.say(line), quiet: true }, stack)
    const { url, dataDir } = launched.settings
    if (!launched.apiKey) throw new LaunchError('The demo calls the API: set API_KEY to the key of the server.')
    if (json) console.log(`Atelier is up: ${url}`)
    else for (const line of await welcome(launched)) console.log(line)
    console.log(`  log        ${join(dataDir, 'server.log')}\n`)

    const client = createClient(url, launched.apiKey)
    const provisioning = Promise.all([
      Promise.all(demoCourses.map(course => provision(client, course, display, !exit))),
      provisionProject(client, gitHubOf(launched), display),
    ])
    const [courses, project] = await Promise.race([provisioning, launched.ended.then(() => provisioning)])
    showResources(courses)
    showBranches(project)
    const ok = courses.every(({ status }) => status === 'COMPLETED') && project.branches.every(({ status }) => status === 'ready')
    for (const { name, status, id } of courses) if (status !== 'COMPLETED') console.log(`${name} is ${status}: ${url}/courses/${id}`)
    for (const { title, status, error } of project.branches) if (status !== 'ready') console.log(`The branch of ${title} is ${status}: ${error ?? ''} ${url}/challenges/${project.challengeId}`)
    report({ ok, url, courses, project })
    if (exit) return ok ? 0 : 1
    if (!json) console.log(`The dashboard: ${await signInLink(launched) ?? url}\nCtrl-C stops everything; what was made is kept.`)
    await launched.ended
    return 0
  }
  catch (error) {
    report({ ok: false, url: null, courses: [], project: null, error: messageOf(error) })
    throw error
  }
}

await runCommand(async (stack) => {
  const options = readOptions()
  if (!options.help) return demo(stack, options)
  console.log(usage)
  return 0
})
