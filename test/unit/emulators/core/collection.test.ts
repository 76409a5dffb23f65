import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Collection, createRecordsTable } from '../../../../emulators/core/collection.ts'
import { openDatabase } from '../../../../emulators/core/database.ts'
import { temporaryFolder } from '../support/emulators.ts'

const folder = temporaryFolder()

it('finds its records again, sorted by id', () => {
  const database = openDatabase(join(folder.path, 'new.sqlite'), '')
  createRecordsTable(database)
  const first = new Collection<{ name: string }>(database, 'role')
  for (const id of ['10', '9']) first.set(id, { name: id })
  createRecordsTable(database)
  expect(new Collection<{ name: string }>(database, 'role').list()).toEqual([{ name: '9' }, { name: '10' }])
  database.close()
})

it('finds the records of a data folder of an earlier version', () => {
  const schema = `
    CREATE TABLE things (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
    INSERT INTO things VALUES ('role', '1', '{"name":"kept"}');`
  const database = openDatabase(join(folder.path, 'old.sqlite'), schema)
  createRecordsTable(database)
  expect(new Collection(database, 'role').get('1')).toEqual({ name: 'kept' })
  database.close()
})
