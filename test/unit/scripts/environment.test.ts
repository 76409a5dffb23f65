import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fillIn, keepKeys, readSettings } from '../../../scripts/lib/environment.ts'
import { withoutSecrets } from '../../../scripts/lib/without-secrets.ts'
import { temporaryFolder } from './helpers.ts'

const github = { apiUrl: 'http://127.0.0.1:1/api/v3' }
const discord = { apiUrl: 'http://127.0.0.1:2/api' }

describe('readSettings', () => {
  it('emulates everything when nothing is set', () => {
    expect(readSettings({})).toMatchObject({ port: 3000, url: 'http://localhost:3000', ownDatabase: true, emulated: { github: true, discord: true, huggingface: true, figma: true } })
  })

  it('takes a service as configured by its token, and an empty variable as absent', () => {
    expect(readSettings({ GITHUB_TOKEN: 'x', DISCORD_BOT_TOKEN: ' ', HF_TOKEN: 'x' }).emulated).toEqual({ github: false, discord: true, huggingface: false, figma: true })
    expect(readSettings({ DATABASE_URL: '', PORT: '' })).toMatchObject({ ownDatabase: true, port: 3000 })
  })

  it('emulates nothing in production, but does with a database of one\'s own', () => {
    expect(readSettings({ DATABASE_URL: 'postgres://x', NODE_ENV: 'production' }).emulated).toEqual({ github: false, discord: false, huggingface: false, figma: false })
    expect(readSettings({ DATABASE_URL: 'postgres://x' })).toMatchObject({ ownDatabase: false, emulated: { github: true, discord: true, huggingface: true, figma: true } })
    expect(readSettings({ NODE_ENV: 'production' }).emulated).toMatchObject({ github: true, discord: true, huggingface: true, figma: true })
  })

  it.for(['0', '65536', 'http', '3000.5'])('refuses PORT=%s', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow(/PORT is "/)
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
    expect(filled).toEqual({ HF_API_URL: 'http://127.0.0.1:3', HF_TOKEN: expect.any(String), FIGMA_API_URL: 'http://127.0.0.1:4', FIGMA_TOKEN: expect.any(String), FIGMA_TEAM_ID: expect.stringMatching(/^\d+$/) })
  })

  it('names the playground as the server of courses, unless another one or none is named', () => {
    expect(fillIn({}, { discord }).DISCORD_GUILD_ID).toMatch(/^\d{19}$/)
    expect(fillIn({ DISCORD_GUILD_ID: '42' }, { discord }).DISCORD_GUILD_ID).toBe('42')
    expect(fillIn({ DISCORD_GUILD_ID: '' }, { discord }).DISCORD_GUILD_ID).toBe('')
  })
})

describe('keepKeys', () => {
  it('makes both at the first start, in files of the owner alone, and finds them at the second', async () => {
    const settings = readSettings({ ATELIER_DATA_DIR: await temporaryFolder() })
    const first = await keepKeys({}, settings)
    expect(first.newApiKey).toBe(first.variables.API_KEY)
    expect(first.variables.API_KEY?.length).toBeGreaterThanOrEqual(32)
    expect(first.variables.GITHUB_WEBHOOK_SECRET).not.toBe(first.variables.API_KEY)
    for (const name of ['api-key', 'github-webhook-secret']) expect((await stat(join(settings.dataDir, name))).mode & 0o777).toBe(0o600)
    expect(await keepKeys({}, settings)).toEqual({ variables: first.variables })
  })

  it('makes a key again when a crash left an empty file', async () => {
    const settings = readSettings({ ATELIER_DATA_DIR: await temporaryFolder() })
    await writeFile(join(settings.dataDir, 'api-key'), '')
    const { newApiKey } = await keepKeys({}, settings)
    expect((await readFile(join(settings.dataDir, 'api-key'), 'utf8')).trim()).toBe(newApiKey)
  })

  it('makes none that is given, and none in production', async () => {
    const dataDir = await temporaryFolder()
    expect(await keepKeys({ API_KEY: 'k', GITHUB_WEBHOOK_SECRET: 's' }, readSettings({ ATELIER_DATA_DIR: dataDir }))).toEqual({ variables: {} })
    const production = { DATABASE_URL: 'postgres://x', NODE_ENV: 'production', ATELIER_DATA_DIR: dataDir }
    expect(await keepKeys(production, readSettings(production))).toEqual({ variables: {} })
  })
})

it('children with nothing to sign in to get no credentials', () => {
  const secrets = { API_KEY: 'x', GITHUB_TOKEN: 'x', GITHUB_WEBHOOK_SECRET: 'x', DISPATCH_TOKEN: 'x', DISCORD_BOT_TOKEN: 'x', HF_TOKEN: 'x', FIGMA_TOKEN: 'x', DATABASE_URL: 'x', DATABASE_DIRECT_URL: 'x', CRON_SECRET: 'x', VERCEL_OIDC_TOKEN: 'x', KV_REST_API_TOKEN: 'x', PGPASSWORD: 'x' }
  expect(withoutSecrets({ ...secrets, PATH: '/bin', GITHUB_ORG: 'atelier', NODE_ENV: 'production' })).toEqual({ PATH: '/bin', GITHUB_ORG: 'atelier', NODE_ENV: 'production' })
})
