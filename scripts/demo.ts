import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createClient } from './demo/client.ts'
import { demoCourses } from './demo/courses.ts'
import { Display } from './demo/progress.ts'
import { demoProject } from './demo/project.ts'
import { provision, type ProvisionedCourse } from './demo/provision.ts'
import { githubAccess } from './demo/repository.ts'
import { table } from './demo/table.ts'
import { type ProvisionedProject, provisionProject } from './demo/workspaces.ts'
import { runCommand } from './lib/command.ts'
import { LaunchError, messageOf } from './lib/errors.ts'
import { launch } from './lib/launcher.ts'
import { signInLink, welcome } from './lib/welcome.ts'

const usage = `npm run demo -- [options]
  --exit   stop everything after the table; exit code 1 if a course or a branch was not provisioned
  --json   print the result as one JSON object on the last line, and no secret anywhere`

function readOptions() {
  try {
    return parseArgs({
      options: { exit: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }).values
  }
  catch (error) {
    throw new LaunchError(`${messageOf(error)}\n${usage}`)
  }
}

interface Result {
  ok: boolean
  url: string | null
  courses: ProvisionedCourse[]
  project: ProvisionedProject | null
  error?: string
}

function printResources(courses: ProvisionedCourse[]): void {
  for (const { name, resources } of courses) {
    const rows = resources.map(({ service, type, name, url }) =>
      [`${service} ${type}`.toLowerCase().replaceAll('_', ' '), name, url ?? ''])
    console.log(['', ...table([name, 'name', 'link'], rows)].join('\n'))
  }
  console.log()
}

function printBranches({ title, branches }: ProvisionedProject): void {
  const rows = branches.map(({ kind, title, assignee, ref, url }) =>
    [kind, title, assignee ?? '', ref.replace(/^refs\/heads\//, ''), url ?? ''])
  console.log([...table([title, 'title', 'assigned to', 'branch', 'link'], rows), ''].join('\n'))
}

function printFailures(url: string, courses: ProvisionedCourse[], { challengeId, branches }: ProvisionedProject): void {
  for (const { name, status, id } of courses) {
    if (status !== 'COMPLETED') console.log(`${name} is ${status}: ${url}/courses/${id}`)
  }
  for (const { title, status, error } of branches) {
    if (status === 'ready') continue
    console.log(`The branch of ${title} is ${status}: ${error ?? ''} ${url}/challenges/${challengeId}`)
  }
}

async function demo(stack: AsyncDisposableStack, { exit = false, json = false }): Promise<number> {
  const start = performance.now()
  const report = (result: Result) => {
    if (json) console.log(JSON.stringify({ ...result, durationMs: Math.round(performance.now() - start) }))
  }
  try {
    const display = new Display(process.stdout, [...demoCourses.map(({ name }) => name), demoProject.title])
    const launched = await launch({ mode: 'production', log: line => display.log(line), quiet: true }, stack)
    const { url, dataDir } = launched.settings
    if (!launched.apiKey) throw new LaunchError('The demo needs an API key. Set API_KEY to the key of the server.')
    if (json) console.log(`Atelier is up: ${url}`)
    else for (const line of await welcome(launched)) console.log(line)
    console.log(`  log        ${join(dataDir, 'server.log')}\n`)

    const client = createClient(url, launched.apiKey)
    const provisioning = Promise.all([
      Promise.all(demoCourses.map(course => provision(client, course, display, !exit))),
      provisionProject(client, githubAccess(launched), display),
    ])
    const [courses, project] = await Promise.race([provisioning, launched.ended.then(() => provisioning)])
    printResources(courses)
    printBranches(project)
    printFailures(url, courses, project)
    const ok = courses.every(({ status }) => status === 'COMPLETED')
      && project.branches.every(({ status }) => status === 'ready')
    report({ ok, url, courses, project })
    if (exit) return ok ? 0 : 1
    if (!json) console.log(`Dashboard: ${await signInLink(launched) ?? url}\nCtrl-C stops everything. All data is kept.`)
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
