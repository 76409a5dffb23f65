import { join } from 'node:path'
import * as defaults from '../emulators/defaults.ts'
import { runCommand } from './lib/command.ts'
import { choosePorts, startEmulatorsChild } from './lib/emulators.ts'
import { loadEnvFile, readSettings } from './lib/environment.ts'

/** A line of shell variables. */
const variables = (values: Record<string, string>) =>
  `  ${Object.entries(values).map(([name, value]) => `${name}=${value}`).join(' ')}`

/** Runs the emulators without a server, for any client. */
await runCommand(async (stack) => {
  loadEnvFile()
  const dataDir = join(readSettings(process.env).dataDir, 'emulators')
  const child = startEmulatorsChild(dataDir, await choosePorts(dataDir, console.log), console.log)
  stack.defer(() => child.stop(2_000))
  const { github, discord, huggingface, figma, kv, sandbox } = await child.addresses
  const { GITHUB_TOKEN, GITHUB_ORG, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID } = defaults
  const { HF_TOKEN, FIGMA_TOKEN, FIGMA_TEAM_ID, KV_TOKEN, VERCEL_TEAM_ID, VERCEL_PROJECT_ID } = defaults
  console.log([
    `GitHub        ${github.url}`,
    variables({ GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN, GITHUB_ORG }),
    `Discord       ${discord.url}`,
    variables({ DISCORD_API_URL: discord.apiUrl, DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID }),
    `Hugging Face  ${huggingface.url}`,
    variables({ HF_API_URL: huggingface.apiUrl, HF_TOKEN }),
    `Figma         ${figma.url}`,
    variables({ FIGMA_API_URL: figma.apiUrl, FIGMA_TOKEN, FIGMA_TEAM_ID }),
    `KV            ${kv.url}`,
    variables({ KV_REST_API_URL: kv.apiUrl, KV_REST_API_TOKEN: KV_TOKEN }),
    `Sandbox       ${sandbox.url}`,
    variables({
      VERCEL_SANDBOX_API_URL: sandbox.apiUrl,
      VERCEL_TOKEN: `$(cat ${join(dataDir, 'sandbox', 'token')})`,
      VERCEL_TEAM_ID,
      VERCEL_PROJECT_ID,
    }),
    'Each has its resources at /__emulator/state, and its faults at /__emulator/faults. Sandbox asks for its token there, too.',
  ].join('\n'))
  await child.ended
  return 0
})
