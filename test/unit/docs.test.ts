import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { emulatorNames } from '../../emulators/defaults.ts'
import { variableNames } from '../../server/lib/env/schema.ts'
import { operations } from '../../shared/contract.ts'
import { serviceNames } from '../../shared/utils/services.ts'
import { workflows } from '../../workflows.config.ts'

/** What the documents name has to exist: commands, files, links, tests, variables, routes, emulators, kinds of diagrams. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const filesOf = (folder: string) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))

const pages = readdirSync(join(root, 'docs')).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)
const documents = ['README.md', 'CONTRIBUTING.md', 'test/README.md', ...pages]

/** What the first group of a pattern matches. */
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(match => match[1]!)

const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)
const scriptsIn = (text: string) => [...found(text, /\bnpm run ([a-z][\w:-]*)/g), ...found(text, /\bnpm (start|test)\b/g)]

const FOLDERS = 'app|server|shared|emulators|scripts|test|docs|bench|drizzle|\\.ci'
const PATH = new RegExp(`\`((?:(?:${FOLDERS})/|workflows\\.config\\.ts|\\.env\\.example)[\\w./[\\]-]*)\``, 'g')
const pathsIn = (text: string) => [...found(text, PATH), ...found(text, /(?<![\w./])(test\/[\w./-]+\.test\.ts)/g)]

/** Targets of links to other documents and to headings, from the root of the checkout. */
const linksIn = (document: string, text: string) => found(text, /\]\((?!https?:)([^)]+)\)/g).map((target) => {
  const [path, heading] = target.split('#') as [string, string | undefined]
  return { path: path ? join(document, '..', path) : document, heading }
})

/** The anchors that GitHub gives the headings of a text. */
const anchorsOf = (text: string) => found(text, /^#+ (.+)$/gm)
  .map(heading => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))

const DIAGRAMS = ['flowchart', 'sequenceDiagram', 'stateDiagram-v2', 'classDiagram', 'erDiagram', 'timeline', 'gantt']

/** Variables of the operating system and of Node, and switches of tests. */
const OTHERS = ['NODE_OPTIONS', 'KILLS', 'PICTURES']
const variables: readonly string[] = [...variableNames, ...OTHERS]
const assignedIn = (text: string) => found(text, /(?<![\w-])([A-Z][A-Z0-9_]{2,})=/g)

/** Every name in capitals of the sources: codes, steps, types and constants. */
const constants = new Set([...['server', 'shared', 'scripts', 'emulators'].flatMap(filesOf), join(root, 'workflows.config.ts')]
  .flatMap(path => readFileSync(path, 'utf8').match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []))
const constantsIn = (text: string) => found(text, /`([A-Z][A-Z0-9_]+)`/g)

interface Route { method?: string, path: string }

/** Routes of the API in prose, in addresses of the examples, and in calls of the README's function `atelier`. */
function routesIn(text: string): Route[] {
  const plain = text.replace(/```nginx.*?```/gs, '').replaceAll('http://localhost:3000', ' ')
  const named = [...plain.matchAll(/(?:\b(GET|POST|PUT|PATCH|DELETE) )?(?<![\w.\]}*/])(\/(?:api|scheduled|health)\b[\w/:{}<>$.…-]*)/g)]
    .map(([, method, path]) => ({ method, path: path! }))
  const called = found(plain, /(?:^|[\s(])atelier "?([\w$/-]+)"?/gm).map(path => ({ method: 'POST', path: `/api/${path}` }))
  return [...named, ...called].map(({ method, path }) => ({ method, path: path.replace(/[./]+$/, '') }))
}

const isPlaceholder = (segment: string) => /^([:$].+|\{.+\}|<.+>|…)$/.test(segment)

/** Whether a segment of a document stands for one of the contract, `:id` for `{id}`. */
function fits(named: string | undefined, contract: string): boolean {
  if (named === undefined) return false
  if (contract === '{workflow}') return isPlaceholder(named) || named in workflows
  return isPlaceholder(contract) ? isPlaceholder(named) : named === contract || /^[$…]/.test(named)
}

const isServed = ({ method, path }: Route) => Object.values(operations).some((operation) => {
  const [named, contract] = [path.split('/'), operation.path.split('/')]
  return (!method || method.toLowerCase() === operation.method)
    && named.length === contract.length && contract.every((segment, n) => fits(named[n], segment))
})

const emulated = emulatorNames.map(name => serviceNames[name.toUpperCase() as keyof typeof serviceNames])

/** Names that stand before or after the word emulator. */
function emulatorsIn(text: string): string[] {
  const name = /^[A-Z]\w+(?: [A-Z]\w+)*/
  const after = found(text, /\bemulators? (?:of|for) ([^.;:()|]+)/gi).flatMap(list => list.split(/,\s*|\s+and\s+/))
  const before = found(text, /\b(?:The |Its |Each |Every )?([A-Z]\w+(?: [A-Z]\w+)*)(?:'s)? emulators?\b/g)
    .filter(word => !/^(The|An|Its|Each|Every)$/.test(word))
  return [...after, ...before].flatMap(words => name.exec(words.trim())?.[0] ?? [])
}

describe('what this test reads', () => {
  it('is found in each form', () => {
    expect(scriptsIn('npm test, npm run test:all and npm run docs:generate -- x')).toEqual(['test:all', 'docs:generate', 'test'])
    expect(anchorsOf('# A\n## What `ensure()` does, and why')).toEqual(['a', 'what-ensure-does-and-why'])
    expect(routesIn('`POST /api/runs/:id/retry`. curl http://localhost:3000/api/runs?x=1 and /health.'))
      .toEqual([{ method: 'POST', path: '/api/runs/:id/retry' }, { path: '/api/runs' }, { path: '/health' }])
    expect(routesIn('x=$(atelier repos \'{}\')\natelier "runs/$run/cancel" x'))
      .toEqual([{ method: 'POST', path: '/api/repos' }, { method: 'POST', path: '/api/runs/$run/cancel' }])
    expect(emulatorsIn('Emulators of GitHub, Hugging Face and Slack are here. The Discord emulator, too.'))
      .toEqual(['GitHub', 'Hugging Face', 'Slack', 'Discord'])
  })

  it('knows a route of the contract from any other', () => {
    const served = ['POST /api/runs/{id}/retry', 'GET /api/runs/$run', 'GET /scheduled/prune', 'GET /scheduled/…', 'DELETE /api/keys/:id']
    const unknown = ['GET /api/runs/:id/retry', 'GET /api/things', 'GET /scheduled/backup', 'GET /api/runs/newest']
    expect([...served, ...unknown].filter(text => routesIn(text).every(isServed))).toEqual(served)
  })
})

describe.each(documents)('%s', (document) => {
  const text = read(document)

  it('names npm scripts that exist', () => {
    expect(scriptsIn(text).filter(name => !scripts.includes(name))).toEqual([])
  })

  it('names files and folders that exist', () => {
    expect(pathsIn(text).filter(path => !existsSync(join(root, path)))).toEqual([])
  })

  it('links to documents and headings that exist', () => {
    const broken = linksIn(document, text).filter(({ path, heading }) =>
      !existsSync(join(root, path)) || (heading !== undefined && !anchorsOf(read(path)).includes(heading)))
    expect(broken).toEqual([])
  })

  it('draws diagrams that Mermaid knows', () => {
    expect(found(text, /```mermaid\n\s*(\S*)/g).filter(type => !DIAGRAMS.includes(type))).toEqual([])
  })

  it('names variables, codes and constants that exist', () => {
    expect(assignedIn(text).filter(name => !variables.includes(name))).toEqual([])
    expect(constantsIn(text).filter(name => !variables.includes(name) && !constants.has(name))).toEqual([])
  })

  it('names routes of the contract', () => {
    expect(routesIn(text).filter(route => !isServed(route))).toEqual([])
  })

  it('names emulators that exist', () => {
    expect(emulatorsIn(text).filter(name => !emulated.includes(name))).toEqual([])
  })
})

it('README.md leads to every page', () => {
  const linked = linksIn('README.md', read('README.md')).map(({ path }) => path)
  expect(pages.filter(page => !linked.includes(page))).toEqual([])
})

it('every promise of docs/reliability.md names a test', () => {
  const rows = read('docs/reliability.md').split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| promise'))
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter(row => !/\]\(\.\.\/test\/[^)]+\.test\.ts\)/.test(row))).toEqual([])
})
