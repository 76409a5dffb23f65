import { watchEventLoop } from '../http/overload'

/** How far the server is behind is watched as long as it lives. */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('close', watchEventLoop())
})
