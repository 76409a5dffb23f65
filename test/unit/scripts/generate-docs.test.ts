import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { pages } from '../../../scripts/docs/pages.ts'
import { fromRoot } from '../../../scripts/lib/root.ts'
import { Environment, variableNames } from '../../../server/lib/env/schema.ts'

describe('generated documents', () => {
  it.each(pages)('$path is what the sources say; if not, run `npm run docs:generate`', ({ path, render }) => {
    expect(readFileSync(fromRoot(path), 'utf8')).toBe(render())
  })
})

describe('.env.example', () => {
  const text = readFileSync(fromRoot('.env.example'), 'utf8')

  it('sets nothing as it stands', () => {
    expect(parseEnv(text)).toEqual({})
  })

  it('has every variable once, with a value that is right', () => {
    const all = parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''))
    expect([...text.matchAll(/^#([A-Z_]+)=/gm)].map(match => match[1])).toEqual(variableNames)
    const values = Object.fromEntries(Object.entries(all).filter(([, value]) => value))
    expect(Environment.safeParse(values).error).toBeUndefined()
  })
})
