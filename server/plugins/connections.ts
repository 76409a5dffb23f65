import { limitConnections } from '../http/connections'

/** Limits the connections as long as the server runs. */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('close', limitConnections())
})
