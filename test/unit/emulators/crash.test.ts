import { Routes } from 'discord-api-types/v10'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { DISCORD_BOT_TOKEN, DISCORD_GUILD_ID as GUILD, GITHUB_TOKEN } from '../../../emulators/defaults.ts'
import type { DiscordState } from '../../../emulators/discord/index.ts'
import type { GitHubState } from '../../../emulators/github/index.ts'
import { startEmulators } from '../../../emulators/index.ts'
import { createControl } from '../../../emulators/control-client.ts'
import { temporaryFolder } from './support/emulators.ts'

const folder = temporaryFolder()
const exec = promisify(execFile)

/** Starts the emulators in a child process. */
async function serve(dataDir: string) {
  const script = fileURLToPath(new URL('support/serve.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const [line] = await once(child.stdout!, 'data') as [Buffer]
  return { child, urls: JSON.parse(line.toString()) as Record<'github' | 'discord', { url: string, apiUrl: string }> }
}

/** Creates repositories with a file and a protected branch until the server dies. */
async function createRepos(apiUrl: string, prefix: string, onAcknowledged: (what: string) => void) {
  const call = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${GITHUB_TOKEN}` }
    const response = await fetch(apiUrl + path, { method, headers, body: JSON.stringify(body) })
    return await response.json() as { content: { sha: string } }
  }
  for (let i = 0; ; i++) {
    const name = `${prefix}-${i}`
    await call('POST', '/orgs/atelier/repos', { name, private: true, auto_init: true })
    onAcknowledged(name)
    const content = Buffer.from(name).toString('base64')
    await call('PUT', `/repos/atelier/${name}/contents/a/file.md`, { message: 'Add a file', content })
    onAcknowledged(`${name}/a/file.md`)
    await call('PUT', `/repos/atelier/${name}/branches/main/protection`, {
      required_status_checks: null,
      enforce_admins: false,
      required_pull_request_reviews: null,
      restrictions: null,
    })
    onAcknowledged(`${name}#protected`)
  }
}

async function createRoles(apiUrl: string, onAcknowledged: (id: string) => void) {
  for (let i = 0; ; i++) {
    const response = await fetch(`${apiUrl}/v10${Routes.guildRoles(GUILD)}`, {
      method: 'POST', headers: { authorization: `Bot ${DISCORD_BOT_TOKEN}` }, body: JSON.stringify({ name: `role ${i}` }),
    })
    onAcknowledged((await response.json() as { id: string }).id)
  }
}

it('keeps every acknowledged write when it is killed', async () => {
  const { child, urls } = await serve(folder.path)
  const created: string[] = []
  const roles: string[] = []
  const enough = Promise.withResolvers<string>()
  const acknowledge = (what: string) => {
    created.push(what)
    if (created.length === 60) enough.resolve(what)
  }
  const writers = [
    ...['a', 'b', 'c'].map(prefix => createRepos(urls.github.apiUrl, prefix, acknowledge)),
    createRoles(urls.discord.apiUrl, id => roles.push(id)),
  ].map(writer => writer.catch((error: unknown) => error))
  await enough.promise
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await Promise.all(writers)).toEqual(writers.map(() => expect.any(Error)))

  const emulators = await startEmulators({ dataDir: folder.path })
  try {
    const github = await createControl(emulators.github.url).state<GitHubState>()
    const found = github.repos.flatMap(repo => [
      repo.name,
      ...(repo.branches.main?.files ?? []).map(file => `${repo.name}/${file}`),
      ...(repo.branches.main?.protection ? [`${repo.name}#protected`] : []),
    ])
    expect(created.filter(what => !found.includes(what))).toEqual([])

    const dirs = await readdir(join(folder.path, 'github', 'repos'))
    expect(dirs).toHaveLength(github.repos.length)
    for (const dir of dirs) {
      await exec('git', ['-C', join(folder.path, 'github', 'repos', dir), 'fsck', '--strict', '--no-dangling'])
    }

    const discord = await createControl(emulators.discord.url).state<DiscordState>()
    const ids = discord.guilds[0]?.roles.map(role => role.id) ?? []
    expect(roles.filter(id => !ids.includes(id))).toEqual([])
    expect(roles.length).toBeGreaterThan(0)
    const positions = discord.guilds[0]?.roles.map(role => role.position) ?? []
    expect(new Set(positions).size).toBe(positions.length)
  }
  finally {
    await emulators.close()
  }
})
