/** The content of new emulators. Clients that use it need no configuration. */

export const emulatorNames = ['github', 'discord', 'huggingface', 'figma', 'kv', 'sandbox'] as const
export type EmulatorName = typeof emulatorNames[number]

/** Token of `GITHUB_BOT_LOGIN`, an admin of `GITHUB_ORG`. Its scopes are `repo`, `admin:org` and `delete_repo`. */
export const GITHUB_TOKEN = 'emulator-github-token'
export const GITHUB_BOT_LOGIN = 'atelier-bot'
export const GITHUB_ORG = 'atelier'

export const DISCORD_BOT_TOKEN = 'emulator-discord-token'
/** Id of the application and of its bot user. Discord uses one snowflake for both since 2016. */
export const DISCORD_CLIENT_ID = '1100000000000000000'
/** The user that owns the emulator's Discord servers. */
export const DISCORD_OWNER_ID = '1100000000000000009'
export const DISCORD_GUILD_ID = '1100000000000000001'
export const DISCORD_GUILD_NAME = 'Atelier Playground'

/** Token of `HF_USER`, which may write to the namespaces `HF_ORG` and `HF_USER`. */
export const HF_TOKEN = 'emulator-huggingface-token'
export const HF_USER = 'atelier-bot'
export const HF_ORG = 'atelier'

export const FIGMA_TOKEN = 'emulator-figma-token'
export const FIGMA_TEAM_ID = '1200000000000000001'
export const FIGMA_TEAM_NAME = 'Atelier'

export const KV_TOKEN = 'emulator-kv-token'

/** The team and the project of sandboxes. Their token is made at the first start: see `emulators/core/token.ts`. */
export const VERCEL_TEAM_ID = 'team_emulator'
export const VERCEL_PROJECT_ID = 'prj_emulator'

export const GITHUB_PORT = 4500
export const DISCORD_PORT = 4501
export const HUGGINGFACE_PORT = 4502
export const FIGMA_PORT = 4503
export const KV_PORT = 4504
export const SANDBOX_PORT = 4505
