import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderErrors } from '../../../../scripts/docs/errors.ts'

it('docs/errors.md lists the messages as they are', () => {
  expect(readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')).toBe(renderErrors())
})
