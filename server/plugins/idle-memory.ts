import { defineNitroPlugin } from 'nitropack/runtime'
import { collectGarbageWhenIdle } from '../lib/idle-memory'

/** Gives back memory as long as the server runs. */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('close', collectGarbageWhenIdle())
})
