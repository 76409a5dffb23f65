import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** The directions of imports that the design forbids. A breach fails with the name of its file. */

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Import { file: string, from: string }

const files = ['app', 'server', 'shared', 'emulators', 'scripts', 'bench', 'drizzle', 'test'].flatMap(sources)
const imports: Import[] = [...files, 'nuxt.config.ts', 'workflows.config.ts', 'vitest.config.ts'].flatMap(importsOf)

function sources(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ts|vue|mjs)$/.test(entry.name))
      .map(entry => relative(root, join(entry.parentPath, entry.name)))
  }
  catch {
    return []
  }
}

/** What a file imports: paths of the project as such, packages by their name. */
function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8')
  return [...source.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"\n]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|\}\s*from\s*['"]([^'"]+)['"]/g)]
    .map(match => match[1] ?? match[2] ?? match[3] ?? match[4]!)
    .map(from => ({ file, from: resolved(file, from) }))
}

function resolved(file: string, from: string): string {
  if (from.startsWith('.')) return relative(root, resolve(root, dirname(file), from)) || '.'
  return from.replace(/^(~~|@@)\//, '').replace(/^[~@]\//, 'app/').replace(/^#shared\//, 'shared/')
}

/** Names every import from `where` to `what`. */
function breaches(where: (file: string) => boolean, what: (from: string) => boolean): string[] {
  return [...new Set(imports.filter(({ file, from }) => where(file) && what(from)).map(({ file, from }) => `${file} imports ${from}`))]
}

const under = (...folders: string[]) => (path: string) => folders.some(folder => path === folder || path.startsWith(`${folder}/`))
const not = (test: (path: string) => boolean) => (path: string) => !test(path)
const both = (a: (path: string) => boolean, b: (path: string) => boolean) => (path: string) => a(path) && b(path)
const named = (...names: string[]) => (from: string) => names.some(name => from === name || from.startsWith(`${name}/`))
const workflowBody = (file: string) => /^server\/workflows\/[^/]+\/workflow\.ts$/.test(file)
const stepFile = (file: string) => /^server\/workflows\/[^/]+\//.test(file) && !workflowBody(file)

describe('imports', () => {
  it('reads the sources', () => {
    expect(imports.length).toBeGreaterThan(200)
  })

  const rules: [string, (file: string) => boolean, (from: string) => boolean][] = [
    ['app never reaches the server', under('app'), under('server')],
    ['shared reaches neither app nor server nor Node', under('shared'), from => under('app', 'server')(from) || from.startsWith('node:')],
    ['a workflow body has only the runtime, its steps and types, shared and workflows.config', workflowBody,
      not(from => from === 'workflow' || under('shared')(from) || from === 'workflows.config' || /^server\/workflows\/[^/]+\/(steps|types)(\/|$)/.test(from))],
    ['steps have no HTTP, no auto-imports and no SDK', stepFile, named('h3', '#imports', 'nitropack', '@octokit', '@discordjs', 'discord-api-types', '@vercel')],
    ['lib reaches neither database nor workflows nor API nor ledger', under('server/lib'), under('server/db', 'server/workflows', 'server/api', 'server/ledger', 'server/runtime', 'server/utils')],
    ['the database reaches neither ledger nor workflows nor API', under('server/db'), under('server/ledger', 'server/workflows', 'server/api', 'server/runtime', 'server/utils')],
    ['the ledger reaches neither workflows nor API', under('server/ledger'), under('server/workflows', 'server/api', 'server/runtime', 'server/utils')],
    ['workflows do not know who keeps them going', under('server/workflows'), under('server/runtime', 'server/api', 'server/utils')],
    ['what keeps the runtime going reaches no API', under('server/runtime'), under('server/api', 'server/utils')],
    ['SQL is written in server/db alone', both(under('server'), not(under('server/db'))), named('drizzle-orm', 'postgres')],
    ['Octokit is used in its folder alone', both(under('server'), not(under('server/lib/github'))), named('@octokit')],
    ['Discord\'s client is used in its folder alone', both(under('server'), not(under('server/lib/discord'))), named('@discordjs', 'discord-api-types', 'discord.js')],
    ['services without a client library are called in their folders alone', both(under('server'), not(under('server/lib/huggingface', 'server/lib/figma'))), from => from === 'server/lib/rest'],
    ['a provider has nothing of another one', file => /^server\/lib\/providers\/[^/]+\//.test(file), from => /^server\/lib\/providers\/[^/]+\//.test(from)],
    ['runs are started, resumed, cancelled and asked after in four files alone', both(under('server'), not(path => ['start', 'resume', 'cancel', 'given-up'].some(name => path === `server/workflows/${name}.ts`))), from => from === 'workflow/api'],
    ['nothing that ships reaches the tests', under('app', 'server', 'shared', 'emulators', 'scripts', 'bench'), under('test')],
    ['emulators know nothing of the product', under('emulators'), under('server', 'app', 'shared', 'workflows.config')],
  ]
  it.each(rules)('%s', (_, where, what) => {
    expect(breaches(where, what)).toEqual([])
  })

  it('outside services are asked through lib/rest or an SDK', () => {
    const askers = files.filter(file => under('server/lib', 'server/workflows', 'server/ledger')(file) && file !== 'server/lib/rest.ts' && /(?<![.\w$])\$?fetch\(/.test(readFileSync(join(root, file), 'utf8')))
    expect(askers).toEqual([])
  })

  it('only lib/env.ts, scripts and configuration read the environment', () => {
    const readers = files.filter(file => under('app', 'server', 'shared')(file) && file !== 'server/lib/env.ts' && /\bprocess\.env\b|\bimport\.meta\.env\b/.test(readFileSync(join(root, file), 'utf8')))
    expect(readers).toEqual([])
  })
})
