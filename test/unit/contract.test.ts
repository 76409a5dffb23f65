import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Operation, operations } from '../../shared/contract.ts'
import { describeApi } from '../../server/http/openapi.ts'

const server = fileURLToPath(new URL('../../server', import.meta.url))

/** `api/courses/[id]/retry.post.ts` → `post /api/courses/{id}/retry` */
function routeOf(file: string): string {
  const [, path, method] = /^(.*?)(?:\.(get|post|put|patch|delete))?\.ts$/.exec(file)!
  return `${method ?? 'any'} /${path!.replace(/^routes\//, '').replace(/\/index$/, '').replace(/\[(\w+)\]/g, '{$1}')}`
}

const handlers = ['api', 'routes'].flatMap(folder => readdirSync(join(server, folder), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => relative(server, join(entry.parentPath, entry.name))))
  .filter(file => !file.includes('[...]'))

describe('the contract', () => {
  it('has every route that is served, and serves every route that it has', () => {
    expect(handlers.map(routeOf).sort()).toEqual(Object.values(operations).map(({ method, path }) => `${method} ${path}`).sort())
  })

  it.each(handlers)('%s answers the operation of its own path', (file) => {
    const id = /handle\('(\w+)'/.exec(readFileSync(join(server, file), 'utf8'))?.[1]
    const operation = operations[id as keyof typeof operations]
    expect(`${operation?.method} ${operation?.path}`).toBe(routeOf(file))
  })

  it('becomes an OpenAPI 3.1 description in which every operation has its problems', () => {
    const description = describeApi()
    expect(description.openapi).toBe('3.1.0')
    const retry = description.paths!['/api/courses/{id}/retry']!.post!
    expect(Object.keys(retry.responses!)).toEqual(['202', '400', '401', '403', '404', '409', '429'])
    expect(JSON.stringify(description)).not.toContain('[object Object]')
  })

  it.each(Object.entries<Operation>(operations).filter(([, { body }]) => body))('shows an example of what %s takes', (_, { body }) => {
    const { example } = body!.meta()!
    expect(body!.safeParse(example)).toMatchObject({ success: true })
  })
})
