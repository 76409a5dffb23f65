import { defineNitroPlugin } from 'nitropack/runtime'
import { policyOf } from './content-security-policy'

/** In development Vite loads and evaluates what it likes. */
const DEVELOPMENT = 'base-uri \'self\'; frame-ancestors \'none\'; object-src \'none\''

/** Gives each rendered page its policy. */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('render:response', (response) => {
    const policy = import.meta.dev ? DEVELOPMENT : policyOf(String(response.body))
    response.headers = { ...response.headers, 'content-security-policy': policy }
  })
})
