import type { Route } from '../../core/pipeline.ts'
import type { DiscordBackend, Identity } from '../backend.ts'
import { channelRoutes } from './channels.ts'
import { guildRoutes } from './guilds.ts'
import { inviteRoutes } from './invites.ts'
import { memberRoutes } from './members.ts'
import { messageRoutes } from './messages.ts'
import { overwriteRoutes } from './overwrites.ts'
import { roleRoutes } from './roles.ts'
import { userRoutes } from './users.ts'

/** Every operation of the API. */
export function apiRoutes(backend: DiscordBackend): Route<Identity>[] {
  return [
    ...userRoutes(backend),
    ...guildRoutes(backend),
    ...channelRoutes(backend),
    ...overwriteRoutes(backend),
    ...roleRoutes(backend),
    ...memberRoutes(backend),
    ...inviteRoutes(backend),
    ...messageRoutes(backend),
  ]
}
