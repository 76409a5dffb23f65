import type { Route } from '../../core/pipeline.ts'
import type { Hub, Identity } from '../hub.ts'
import { channelRoutes } from './channels.ts'
import { guildRoutes } from './guilds.ts'
import { inviteRoutes } from './invites.ts'
import { memberRoutes } from './members.ts'
import { messageRoutes } from './messages.ts'
import { overwriteRoutes } from './overwrites.ts'
import { roleRoutes } from './roles.ts'
import { userRoutes } from './users.ts'

/** Every operation of the API. */
export function apiRoutes(hub: Hub): Route<Identity>[] {
  return [
    ...userRoutes(hub),
    ...guildRoutes(hub),
    ...channelRoutes(hub),
    ...overwriteRoutes(hub),
    ...roleRoutes(hub),
    ...memberRoutes(hub),
    ...inviteRoutes(hub),
    ...messageRoutes(hub),
  ]
}
