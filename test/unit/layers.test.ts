import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The imports that the design forbids, by the rules of `.dependency-cruiser.mjs`. A breach fails with the name of its file. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['app', 'server', 'shared', 'emulators', 'scripts', 'bench', 'drizzle', 'test']
const ROOT_CONFIG = ['nuxt.config.ts', 'workflows.config.ts', 'vitest.config.ts']

const config = await extractDepcruiseOptions(join(root, '.dependency-cruiser.mjs'))
const ruleNames = config.ruleSet!.forbidden!.map(({ name }) => name!)

async function readGraph(paths: string[], options: ICruiseOptions, tsConfig = {}): Promise<ICruiseResult> {
  const { output } = await cruise(paths, options, undefined, { tsConfig })
  return output as ICruiseResult
}

describe('imports', () => {
  let graph: ICruiseResult

  beforeAll(async () => {
    const tsConfig = extractTSConfig(join(root, '.nuxt/tsconfig.app.json'))
    graph = await readGraph([...FOLDERS, ...ROOT_CONFIG], { ...config, baseDir: root }, tsConfig)
  })

  const breaches = (rule: string) => graph.summary.violations.filter(violation => violation.rule.name === rule)
    .map(({ from, to, cycle = [] }) => [from, to, ...cycle.slice(1).map(({ name }) => name)].join(' -> '))

  it('are all read', () => {
    const { totalCruised, totalDependenciesCruised, violations } = graph.summary
    const cycles = violations.filter(({ rule }) => rule.name === 'no-cycle').length
    console.info(`${totalCruised} modules, ${totalDependenciesCruised} imports, ${cycles} cycles`)
    const read = (name: RegExp) => graph.modules.filter(({ source }) => name.test(source)).length
    expect(read(/^server\/.*\.ts$/)).toBe(sources('server').length)
    expect(read(/^app\/.*\.vue$/)).toBe(sources('app').filter(file => file.endsWith('.vue')).length)
  })

  it.each(ruleNames)('%s', (rule) => {
    expect(breaches(rule)).toEqual([])
  })
})

/** One breach of each rule, as two files of which the first imports the second. */
const BREACHES: Record<string, [from: string, to: string]> = {
  'no-cycle': ['scripts/a.ts', 'scripts/b.ts'],
  'no-unknown-module': ['scripts/c.ts', 'scripts/missing.ts'],
  'app-without-server': ['app/page.vue', 'server/engine/run.ts'],
  'shared-is-pure': ['shared/a.ts', 'server/lib/env.ts'],
  'shared-without-node': ['shared/b.ts', 'node:fs'],
  'nothing-ships-with-tests': ['bench/a.ts', 'test/support/a.ts'],
  'emulators-stand-alone': ['emulators/a.ts', 'shared/c.ts'],
  'workflow-body': ['server/workflows/one/workflow.ts', 'server/workflows/two/steps/index.ts'],
  'workflow-body-without-ledger': ['server/workflows/three/workflow.ts', 'server/ledger/index.ts'],
  'steps-without-http': ['server/workflows/one/steps/a.ts', 'node_modules/h3/index.js'],
  'lib-is-stateless': ['server/lib/a.ts', 'server/courses/index.ts'],
  'lib-without-http': ['server/lib/b.ts', 'node_modules/nitropack/index.js'],
  'db-is-the-bottom': ['server/db/a.ts', 'server/ledger/a.ts'],
  'engine-without-domains': ['server/engine/a.ts', 'server/lib/github/index.ts'],
  'engine-without-http': ['server/engine/b.ts', 'server/http/a.ts'],
  'ledger-without-engine': ['server/ledger/b.ts', 'server/engine/c.ts'],
  'rate-limits-without-ledger': ['server/rate-limits/a.ts', 'server/ledger/c.ts'],
  'registry-knows-the-domains': ['server/http/b.ts', 'server/courses/index.ts'],
  'domain-by-its-index': ['server/courses/a.ts', 'server/projects/queries.ts'],
  'domain-without-api': ['server/courses/b.ts', 'server/api/a.get.ts'],
  'provider-stands-alone': ['server/workspaces/providers/one/index.ts', 'server/workspaces/providers/two/index.ts'],
  'sql-in-queries': ['server/courses/view.ts', 'node_modules/drizzle-orm/index.js'],
  'github-sdk-in-its-folder': ['server/lib/c.ts', 'node_modules/@octokit/rest/index.js'],
  'discord-sdk-in-its-folder': ['server/engine/d.ts', 'node_modules/discord-api-types/index.js'],
  'kv-sdk-in-its-folder': ['server/lib/f.ts', 'node_modules/@vercel/kv/index.js'],
  'sandbox-sdk-in-its-folder': ['server/lib/g.ts', 'node_modules/@vercel/sandbox/index.js'],
  'rest-in-its-folders': ['server/lib/d.ts', 'server/lib/rest.ts'],
  'tracing-sdk-in-its-folder': ['server/engine/f.ts', 'node_modules/@opentelemetry/sdk-trace/index.js'],
  'runtime-behind-its-adapter': ['server/engine/e.ts', 'node_modules/workflow/dist/api.js'],
}

/** A workflow body that names types of the ledger, and no values. */
const TYPES_ONLY = 'server/workflows/four/workflow.ts'

describe('the rules themselves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-layers-'))
  let graph: ICruiseResult

  function write(file: string, content: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content, { flag: 'a' })
  }

  function importing(from: string, to: string, what = 'import'): string {
    if (to.startsWith('node:')) return `${what} '${to}'\n`
    if (to.startsWith('node_modules/')) return `${what} '${to.slice('node_modules/'.length).replace(/\/index\.js$/, '')}'\n`
    const path = relative(dirname(from), to)
    return `${what} '${path.startsWith('.') ? path : `./${path}`}'\n`
  }

  beforeAll(async () => {
    for (const [rule, [from, to]] of Object.entries(BREACHES)) {
      const line = importing(from, to)
      write(from, from.endsWith('.vue') ? `<script setup lang="ts">\n${line}</script>\n` : line)
      if (rule !== 'no-unknown-module' && !to.startsWith('node:')) write(to, '')
    }
    write('scripts/b.ts', importing('scripts/b.ts', 'scripts/a.ts'))
    write(TYPES_ONLY, importing(TYPES_ONLY, 'server/ledger/index.ts', 'import type { RunRef } from'))
    const paths = ['app', 'server', 'shared', 'emulators', 'scripts', 'bench']
    graph = await readGraph(paths, { ...config, baseDir: folder, tsConfig: undefined })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(ruleNames)('%s finds its breach', (rule) => {
    const [from] = BREACHES[rule]!
    expect(graph.summary.violations.filter(violation => violation.rule.name === rule).map(violation => violation.from)).toContain(from)
  })

  it('let a workflow body name types of the ledger', () => {
    expect(graph.summary.violations.filter(({ from }) => from === TYPES_ONLY)).toEqual([])
  })
})

describe('sources', () => {
  it('ask outside services through lib/rest or an SDK', () => {
    expect(having(/(?<![.\w$])\$?fetch\(/, ['server']).filter(file => file !== 'server/lib/rest.ts')).toEqual([])
  })

  it('read the environment in lib/env.ts, scripts and configuration alone', () => {
    const readers = having(/\bprocess\.env\b|\bimport\.meta\.env\b/, ['app', 'server', 'shared'])
    expect(readers.filter(file => file !== 'server/lib/env.ts')).toEqual([])
  })
})

function having(text: RegExp, folders: string[]): string[] {
  return folders.flatMap(sources).filter(file => text.test(readFileSync(join(root, file), 'utf8')))
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|vue|mjs)$/.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
}
