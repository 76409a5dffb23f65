import { fileURLToPath } from 'node:url'

const swaggerUi = fileURLToPath(new URL('node_modules/swagger-ui-dist', import.meta.url))

const nitro = {
  externals: {
    inline: [
      // Without exactly these two of the runtime the production server dies at boot (Cannot find module '@workflow/core/dist/encryption.js').
      'workflow', '@workflow/core',
      // Packages of many small files: within the bundle they are resolved once, and the server starts a third faster.
      'drizzle-orm', 'postgres', '@octokit', 'zod', 'p-limit', 'dataloader', 'transliteration',
    ],
  },
  workflow: { dirs: ['server/workflows'] },
  errorHandler: '~~/server/error-handler',
  publicAssets: [{ dir: swaggerUi, baseURL: '/_docs', maxAge: 86400 }],
  routeRules: {
    '/**': {
      headers: {
        // No other site may frame the dashboard, guess types, or learn its addresses.
        'content-security-policy': 'base-uri \'self\'; frame-ancestors \'none\'; object-src \'none\'',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      },
    },
  },
}

export default defineNuxtConfig({
  modules: ['@nuxt/ui', '@nuxt/eslint', 'workflow/nuxt'],
  // The dashboard lives behind a sign-in and shows live data: rendering it on the server would buy nothing.
  ssr: false,
  components: [{ path: '~/components', pathPrefix: false }],
  devtools: { enabled: false },
  css: ['~/assets/main.css'],
  ui: { fonts: false },
  compatibilityDate: '2026-11-01',
  // Nuxt's own type of this section knows only what Nuxt itself reads of it.
  nitro: nitro as object,
  typescript: { strict: true },
  telemetry: false,
  eslint: { config: { stylistic: true } },
  icon: { clientBundle: { scan: true }, serverBundle: false, fallbackToApi: false },
})
