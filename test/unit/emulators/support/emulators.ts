import { Octokit } from '@octokit/rest'
import { REST } from '@discordjs/rest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Emulator } from '../../../../emulators/core/types.ts'
import { DISCORD_BOT_TOKEN, GITHUB_ORG, GITHUB_TOKEN } from '../../../../emulators/defaults.ts'
import { start as startDiscord } from '../../../../emulators/discord/index.ts'
import { start as startGitHub } from '../../../../emulators/github/index.ts'
import { createControl } from '../../../../emulators/control-client.ts'
import type { Control } from '../../../../emulators/control-client.ts'
import { conformingFetch, loadContract } from './contract.ts'
import type { Contract } from './contract.ts'

/** A folder that is deleted after the tests of the file. */
export function temporaryFolder(): { path: string } {
  const folder = { path: '' }
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'emulator-test-'))
  })
  afterAll(() => rm(folder.path, { recursive: true, force: true }))
  return folder
}

interface Running {
  emulator: Emulator
  control: Control
  contract: Contract
}

function running(start: (options: { dataDir: string }) => Promise<Emulator>, name: 'github' | 'discord'): Running {
  const folder = temporaryFolder()
  const all = {} as Running
  beforeAll(async () => {
    all.emulator = await start({ dataDir: folder.path })
    all.control = createControl(all.emulator.url)
    all.contract = loadContract(name)
  })
  beforeEach(async () => {
    await fetch(`${all.emulator.url}/__emulator/reset`, { method: 'POST' })
  })
  afterAll(() => all.emulator.close())
  return all
}

/** A GitHub emulator for the tests of a file, reset before each test. */
export function useGitHub() {
  const all = running(startGitHub, 'github')
  return {
    get url() { return all.emulator.url },
    get apiUrl() { return all.emulator.apiUrl },
    get control() { return all.control },
    get contract() { return all.contract },
    /** GitHub's own client. Every response must conform to GitHub's API description. */
    octokit: (auth: string | undefined = GITHUB_TOKEN) => new Octokit({
      auth,
      baseUrl: all.emulator.apiUrl,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      request: { fetch: conformingFetch(all.contract, '/api/v3') },
    }),
  }
}

/** A Discord emulator for the tests of a file, reset before each test. */
export function useDiscord() {
  const all = running(startDiscord, 'discord')
  return {
    get url() { return all.emulator.url },
    get apiUrl() { return all.emulator.apiUrl },
    get control() { return all.control },
    get contract() { return all.contract },
    /** The client of discord.js. Every response must conform to Discord's API description. */
    rest: (token = DISCORD_BOT_TOKEN) => {
      const fetch = conformingFetch(all.contract, '/api/v10')
      const makeRequest = (url: string, init: object) => fetch(url, init)
      return new REST({
        version: '10',
        api: all.emulator.apiUrl,
        retries: 0,
        rejectOnRateLimit: () => true,
        makeRequest: makeRequest as REST['options']['makeRequest'],
      }).setToken(token)
    },
  }
}

export type GitHub = ReturnType<typeof useGitHub>
export type Discord = ReturnType<typeof useDiscord>

/** A private repository of the organization with a first commit. */
export async function createRepo(github: GitHub, name = 'course', options: { auto_init?: boolean, private?: boolean } = {}) {
  const { data } = await github.octokit().repos.createInOrg({ org: GITHUB_ORG, name, private: true, auto_init: true, ...options })
  return { owner: data.owner.login, repo: data.name }
}

interface Rejection { status: number, message: string, code?: number | string, headers: Record<string, string> }

interface ClientError {
  status: number
  message: string
  code?: number | string
  response?: { headers: Record<string, string>, data: { message: string } }
}

/** The error that a call fails with. @throws if the call succeeds */
export async function rejection(call: Promise<unknown>): Promise<Rejection> {
  try {
    await call
  }
  catch (error) {
    const { status, message, response, code } = error as ClientError
    return { status, message: response?.data.message ?? message, code, headers: response?.headers ?? {} }
  }
  throw new Error('The call succeeded.')
}
