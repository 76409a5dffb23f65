import { join } from 'node:path'
import { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, FIGMA_TEAM_ID, FIGMA_TOKEN, GITHUB_ORG, GITHUB_TOKEN, HF_TOKEN } from '../emulators/defaults.ts'
import { runCommand } from './lib/command.ts'
import { choosePorts, startEmulatorsChild } from './lib/emulators.ts'
import { loadEnvFile, readSettings } from './lib/environment.ts'

/** The emulators alone, for clients of any kind. */
await runCommand(async (stack) => {
  loadEnvFile()
  const dataDir = join(readSettings(process.env).dataDir, 'emulators')
  const child = startEmulatorsChild(dataDir, await choosePorts(dataDir, console.log), console.log)
  stack.defer(() => child.stop(2_000))
  const { github, discord, huggingface, figma } = await child.addresses
  console.log([
    `GitHub        ${github.url}`,
    `  GITHUB_API_URL=${github.apiUrl} GITHUB_TOKEN=${GITHUB_TOKEN} GITHUB_ORG=${GITHUB_ORG}`,
    `Discord       ${discord.url}`,
    `  DISCORD_API_URL=${discord.apiUrl} DISCORD_BOT_TOKEN=${DISCORD_BOT_TOKEN} DISCORD_CLIENT_ID=${DISCORD_CLIENT_ID} DISCORD_GUILD_ID=${DISCORD_GUILD_ID}`,
    `Hugging Face  ${huggingface.url}`,
    `  HF_API_URL=${huggingface.apiUrl} HF_TOKEN=${HF_TOKEN}`,
    `Figma         ${figma.url}`,
    `  FIGMA_API_URL=${figma.apiUrl} FIGMA_TOKEN=${FIGMA_TOKEN} FIGMA_TEAM_ID=${FIGMA_TEAM_ID}`,
    'What they made: /__emulator/state at each of these; faults to plan: /__emulator/faults',
  ].join('\n'))
  await child.ended
  return 0
})
