import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fillIn, keepApiKey, migrationUrl, readSettings } from '../../../scripts/lib/environment.ts'
import { signInLink } from '../../../scripts/lib/welcome.ts'
import { withoutSecrets } from '../../../scripts/lib/without-secrets.ts'
import { temporaryFolder } from './helpers.ts'

const github = { apiUrl: 'http://127.0.0.1:1/api/v3' }
const discord = { apiUrl: 'http://127.0.0.1:2/api' }

describe('readSettings', () => {
  it('emulates everything when nothing is set', () => {
    const emulated = { github: true, discord: true, huggingface: true, figma: true, kv: true, sandbox: true }
    expect(readSettings({})).toMatchObject({
      port: 3000, host: '127.0.0.1', url: 'http://localhost:3000', ownDatabase: true, emulated,
    })
  })

  it('takes a service as configured by its token, and an empty variable as absent', () => {
    expect(readSettings({ GITHUB_TOKEN: 'x', DISCORD_BOT_TOKEN: ' ', HF_TOKEN: 'x' }).emulated)
      .toEqual({ github: false, discord: true, huggingface: false, figma: true, kv: true, sandbox: true })
    expect(readSettings({ DATABASE_URL: '', PORT: '', HOST: '' })).toMatchObject({ ownDatabase: true, port: 3000, host: '127.0.0.1' })
  })

  it('emulates nothing in production, but does with a database of one\'s own', () => {
    const [all, none] = [true, false].map(is => ({ github: is, discord: is, huggingface: is, figma: is, kv: is, sandbox: is }))
    expect(readSettings({ DATABASE_URL: 'postgres://x', NODE_ENV: 'production' }).emulated).toEqual(none)
    expect(readSettings({ DATABASE_URL: 'postgres://x' })).toMatchObject({ ownDatabase: false, emulated: all })
    expect(readSettings({ NODE_ENV: 'production' }).emulated).toMatchObject({ github: true, discord: true, huggingface: true, figma: true })
  })

  it.for(['0', '65536', 'http', '3000.5'])('refuses PORT=%s', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow(`PORT is "${PORT}". It must be a whole number from 1 to 65535. Correct PORT`)
  })

  it('refuses an address without the token for it', () => {
    expect(() => readSettings({ GITHUB_API_URL: 'https://github.example.org/api/v3' })).toThrow(/Set GITHUB_TOKEN, too/)
    expect(() => readSettings({ FIGMA_API_URL: 'https://api.figma.com' })).toThrow(/Set FIGMA_TOKEN, too/)
  })
})

describe('fillIn', () => {
  it('gives the server what was started, and nothing else', () => {
    expect(fillIn({}, { databaseUrl: 'postgres://x' })).toEqual({ DATABASE_URL: 'postgres://x' })
    expect(fillIn({}, { github })).toEqual({ GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: expect.any(String), GITHUB_ORG: 'atelier' })
  })

  it('names the token of each service that an emulator plays, and the team of Figma', () => {
    const filled = fillIn({}, { huggingface: { apiUrl: 'http://127.0.0.1:3' }, figma: { apiUrl: 'http://127.0.0.1:4' } })
    expect(filled).toEqual({
      HF_API_URL: 'http://127.0.0.1:3',
      HF_TOKEN: expect.any(String),
      FIGMA_API_URL: 'http://127.0.0.1:4',
      FIGMA_TOKEN: expect.any(String),
      FIGMA_TEAM_ID: expect.stringMatching(/^\d+$/),
    })
  })

  it('names the playground as the server of courses, unless another one or none is named', () => {
    expect(fillIn({}, { discord }).DISCORD_GUILD_ID).toMatch(/^\d{19}$/)
    expect(fillIn({ DISCORD_GUILD_ID: '42' }, { discord }).DISCORD_GUILD_ID).toBe('42')
    expect(fillIn({ DISCORD_GUILD_ID: '' }, { discord }).DISCORD_GUILD_ID).toBe('')
  })
})

describe('migrationUrl', () => {
  it('is past the pooler, where there is one', () => {
    expect(migrationUrl({ DATABASE_URL: 'postgres://pooled/x', DATABASE_DIRECT_URL: ' postgres://direct/x ' })).toBe('postgres://direct/x')
    expect(migrationUrl({ DATABASE_URL: 'postgres://only/x', DATABASE_DIRECT_URL: '' })).toBe('postgres://only/x')
    expect(migrationUrl({})).toBeUndefined()
  })

  it('is never repeated when it is wrong', () => {
    expect(() => migrationUrl({ DATABASE_URL: 'mysql://me:pass@db/x' })).toThrow(/^DATABASE_URL has a wrong form\. It must be [^@]*$/)
  })
})

describe('signInLink', () => {
  it('is not even made where nobody watches a terminal', async () => {
    expect(await signInLink({ settings: readSettings({}), apiKey: 'k' }, false)).toBeUndefined()
  })
})

describe('keepApiKey', () => {
  it('makes one at the first start, in a file of the owner alone, and finds it at the second', async () => {
    const settings = readSettings({ ATELIER_DATA_DIR: await temporaryFolder() })
    const { apiKey, isNew } = await keepApiKey({}, settings)
    expect(isNew).toBe(true)
    expect(apiKey?.length).toBeGreaterThanOrEqual(32)
    expect((await stat(join(settings.dataDir, 'api-key'))).mode & 0o777).toBe(0o600)
    expect(await readdir(settings.dataDir)).toEqual(['api-key'])
    expect(await keepApiKey({}, settings)).toEqual({ apiKey, isNew: false })
  })

  it('makes a key again when a crash left an empty file', async () => {
    const settings = readSettings({ ATELIER_DATA_DIR: await temporaryFolder() })
    await writeFile(join(settings.dataDir, 'api-key'), '')
    const { apiKey } = await keepApiKey({}, settings)
    expect((await readFile(join(settings.dataDir, 'api-key'), 'utf8')).trim()).toBe(apiKey)
  })

  it('makes none that is given, and none in production', async () => {
    const dataDir = await temporaryFolder()
    expect(await keepApiKey({ API_KEY: 'k' }, readSettings({ ATELIER_DATA_DIR: dataDir }))).toEqual({ apiKey: 'k', isNew: false })
    const production = { DATABASE_URL: 'postgres://x', NODE_ENV: 'production', ATELIER_DATA_DIR: dataDir }
    expect(await keepApiKey(production, readSettings(production))).toEqual({ apiKey: undefined, isNew: false })
    expect(await readdir(dataDir)).toEqual([])
  })

  it('refuses a short one that other machines could guess', async () => {
    const refused = async (env: Record<string, string>) => expect(keepApiKey({ API_KEY: 'short', ...env }, readSettings(env))).rejects
    const problem = expect.objectContaining({ exitCode: 78, message: expect.stringContaining('openssl rand -hex 32') })
    await (await refused({ HOST: '0.0.0.0' })).toEqual(problem)
    await (await refused({ DATABASE_URL: 'postgres://x' })).toEqual(problem)
  })
})

it('children with nothing to sign in to get no credentials', () => {
  const names = [
    'API_KEY', 'GITHUB_TOKEN', 'DISCORD_BOT_TOKEN', 'HF_TOKEN', 'FIGMA_TOKEN',
    'DATABASE_URL', 'DATABASE_DIRECT_URL', 'CRON_SECRET', 'ANOTHER_TOKEN', 'PGPASSWORD',
  ]
  const others = { PATH: '/bin', GITHUB_ORG: 'atelier', NODE_ENV: 'production' }
  expect(withoutSecrets({ ...Object.fromEntries(names.map(name => [name, 'x'])), ...others })).toEqual(others)
})
