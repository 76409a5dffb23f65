import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** What the documents say has to be there: commands and files. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)
const documents = ['README.md', 'CONTRIBUTING.md', 'test/README.md', ...readdirSync(join(root, 'docs')).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)]

describe.each(documents)('%s', (document) => {
  const text = read(document)

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm (?:run )?(start|test|[a-z]+:[a-z]+|(?<=run )[a-z]+)\b/g)].map(match => match[1]!)
    expect(named.filter(name => !scripts.includes(name))).toEqual([])
  })

  it('names files and folders that exist', () => {
    const links = [...text.matchAll(/\]\((?!http|#)([^)#]+)/g)].map(match => join(document, '..', match[1]!))
    const paths = [...text.matchAll(/`((?:app|server|shared|emulators|scripts|test|docs|bench|drizzle|\.ci|workflows\.config\.ts|\.env\.example)[\w./[\]-]*)`/g)]
      .map(match => match[1]!).filter(path => path.includes('/') || path.includes('.'))
    expect([...links, ...paths].filter(path => !existsSync(join(root, path)))).toEqual([])
  })
})
