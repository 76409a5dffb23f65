/** What fresh emulators contain, so that clients need no configuration to talk to them. */

export const emulatorNames = ['github', 'discord', 'huggingface', 'figma'] as const
export type EmulatorName = typeof emulatorNames[number]

/** Token of `GITHUB_BOT_LOGIN`, an admin of `GITHUB_ORG` with the scopes `repo`, `admin:org` and `delete_repo`. */
export const GITHUB_TOKEN = 'emulator-github-token'
export const GITHUB_BOT_LOGIN = 'atelier-bot'
export const GITHUB_ORG = 'atelier'

export const DISCORD_BOT_TOKEN = 'emulator-discord-token'
/** Application id and user id of the bot are the same snowflake, as with every bot made since 2016. */
export const DISCORD_CLIENT_ID = '1100000000000000000'
/** The person who owns the servers of the emulator. */
export const DISCORD_OWNER_ID = '1100000000000000009'
export const DISCORD_GUILD_ID = '1100000000000000001'
export const DISCORD_GUILD_NAME = 'Atelier Playground'

/** Token of `HF_USER`, who may write in the namespace `HF_ORG` and in one of their own. */
export const HF_TOKEN = 'emulator-huggingface-token'
export const HF_USER = 'atelier-bot'
export const HF_ORG = 'atelier'

export const FIGMA_TOKEN = 'emulator-figma-token'
export const FIGMA_TEAM_ID = '1200000000000000001'
export const FIGMA_TEAM_NAME = 'Atelier'

export const GITHUB_PORT = 4500
export const DISCORD_PORT = 4501
export const HUGGINGFACE_PORT = 4502
export const FIGMA_PORT = 4503
