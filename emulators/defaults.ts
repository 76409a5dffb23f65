/** What a fresh pair of emulators contains, so that clients need no configuration to talk to them. */

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

export const GITHUB_PORT = 4500
export const DISCORD_PORT = 4501
