import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { about, Environment, sections, variableNames } from '../../server/lib/env/schema.ts'

/** The schema of the environment, the sources and the documents name the same variables. A breach fails with its file. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const READER = 'server/lib/env.ts'

const configuration = ['nuxt.config.ts', 'workflows.config.ts', 'vitest.config.ts', 'eslint.config.mjs']
const files = [...['app', 'server', 'shared', 'emulators', 'scripts', 'bench', 'drizzle', 'test'].flatMap(sources), ...configuration]

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|vue|mjs)$/.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
}

/** The operating system's, and switches of builds, tests and benchmarks: no part of the running product. */
const OTHERS = [
  'PATH', 'HOME', 'TMPDIR', 'KILLS', 'PICTURES', 'STAGE', 'BENCH_VARIANT', 'DEMONSTRATION_LOG', 'ATELIER_EXTENSIONS', 'ATELIER_BUILD_DIR',
  'LIBFAKETIME',
]
const known: string[] = [...variableNames, ...OTHERS]

/** What the first group of a pattern matches. */
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(match => match[1]!)

/** Variables that a source reads from an environment: `env.NAME`, `env['NAME']` and `const { NAME } = env`. */
function readIn(source: string): string[] {
  const patterns = [...source.matchAll(/\{([^{}]*)\}\s*=\s*(?:process\.)?env\b/g)].map(match => match[1]!)
  return [
    ...found(source, /\benv\??\.([A-Z][A-Z0-9_]*)\b/g),
    ...found(source, /\benv(?:\?\.)?\[\s*['"`]([A-Z][A-Z0-9_]*)['"`]/g),
    ...patterns.flatMap(pattern => found(pattern, /\b([A-Z][A-Z0-9_]+)\b(?=\s*[:,=]|\s*$)/g)),
  ]
}

describe('the schema of the environment', () => {
  it('has every section', () => {
    expect(Object.values(sections).flatMap(variables => Object.keys(variables))).toEqual(variableNames)
  })

  it.each(variableNames)('%s says what it does, and what holds without it', (name) => {
    const schema = Environment.shape[name]
    const { description, absent, example } = about.get(schema)!
    expect(description).toMatch(/^[A-Z].*\.$/s)
    expect(schema.safeParse(undefined).data !== undefined, 'a default, or what holds without it').toBe(absent === undefined)
    if (example !== undefined) expect(schema.safeParse(example).success).toBe(true)
  })
})

describe('a variable that is read', () => {
  it('is found in each form', () => {
    const source = 'env.ONE; process.env?.TWO; env[\'THREE\']; const { FOUR: four = \'x\', FIVE } = process.env'
    expect(readIn(source)).toEqual(['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'])
  })

  it('is in the schema', () => {
    const strangers = files.filter(file => file !== 'test/unit/variables.test.ts')
      .flatMap(file => readIn(read(file)).filter(name => !known.includes(name)).map(name => `${file} reads ${name}`))
    expect(strangers).toEqual([])
  })

  it('is read by the server through its schema alone', () => {
    expect(found(read(READER), /process\.env([^`].*)/g)).toEqual(['[name]?.trim() || undefined'])
  })
})

describe('a variable of the schema', () => {
  const readers = [READER, ...files.filter(file => /^scripts\/(lib\/)?[^/]+$/.test(file))].map(read)

  it.each(variableNames)('%s is read', (name) => {
    expect(readers.some(source => source.includes(`'${name}'`) || readIn(source).includes(name))).toBe(true)
  })

  it('is read by a function that something calls', () => {
    const imported = files.filter(file => file.startsWith('server/'))
      .flatMap(file => found(read(file), /import \{([^}]*)\} from '[^']*\/env(?:\.ts)?'/g))
      .flatMap(names => names.split(',').map(name => name.trim()))
    const exported = found(read(READER), /^export (?:const|function) (\w+)/gm)
    expect(exported.filter(name => !imported.includes(name))).toEqual([])
  })
})
