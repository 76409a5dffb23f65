import { expect, it } from 'vitest'
import { readable } from '../../../../app/utils/readable.ts'

it.each([
  ['guildId', 'Guild id'], ['lab_groups', 'Lab groups'], ['BRANCH_PROTECTION', 'Branch protection'], ['discord-server', 'Discord server'],
  ['sha256Sum', 'Sha256 sum'], ['refs/heads/Main', 'refs/heads/Main'], ['Two words', 'Two words'], ['', ''],
])('%j reads as %j', (name, text) => {
  expect(readable(name)).toBe(text)
})
