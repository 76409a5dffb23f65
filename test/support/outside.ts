import type { DiscordState } from '../../emulators/discord/state.ts'
import type { GitHubState, RepoState } from '../../emulators/github/state.ts'
import { DISCORD_GUILD_ID } from '../../emulators/defaults.ts'
import type { Atelier } from './atelier.ts'

/** The repositories that the GitHub emulator holds, by name. */
export async function repos({ github }: Pick<Atelier, 'github'>): Promise<Map<string, RepoState>> {
  return new Map((await github.state<GitHubState>()).repos.map(repo => [repo.name, repo]))
}

/** A server of the Discord emulator with its channels and roles. */
export async function guild({ discord }: Pick<Atelier, 'discord'>, id = DISCORD_GUILD_ID) {
  return (await discord.state<DiscordState>()).guilds.find(guild => guild.id === id)!
}

/** What a server of the emulator has under one category, in the order it was made. */
export function underCategory({ channels }: Awaited<ReturnType<typeof guild>>, name: string) {
  const category = channels.find(channel => channel.name === name)
  return channels.filter(channel => 'parent_id' in channel && channel.parent_id === category?.id)
}

/** All calls that both emulators have logged. */
export async function outsideCalls({ github, discord }: Pick<Atelier, 'github' | 'discord'>) {
  return (await Promise.all([github.calls(), discord.calls()])).flat()
}
