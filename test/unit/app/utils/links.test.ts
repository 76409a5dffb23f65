import { expect, it } from 'vitest'
import { safePath } from '../../../../app/utils/links.ts'

it.each([
  ['/courses/1?tab=audit', '/courses/1?tab=audit'],
  ['//example.org', '/'], ['/\\example.org', '/'], ['https://example.org', '/'], ['javascript:alert(1)', '/'],
  ['/sign-in?next=/', '/'], [undefined, '/'], [['/a', '/b'], '/'],
])('after the sign-in %j leads to %s', (next, path) => {
  expect(safePath(next)).toBe(path)
})
