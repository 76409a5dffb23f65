import { watchEventLoop } from '../http/overload'

/** Measures the delay of the event loop as long as the server runs. */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('close', watchEventLoop())
})
