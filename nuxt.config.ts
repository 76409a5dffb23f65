import { fileURLToPath } from 'node:url'
import { DENY_ALL } from './shared/utils/content-security-policy'
import { workflows, type WorkflowConfig } from './workflows.config'

const swaggerUi = fileURLToPath(new URL('node_modules/swagger-ui-dist', import.meta.url))

/**
 * Vercel calls the routes of scheduled jobs by these. No watchdog runs there that would reconcile runs.
 * https://vercel.com/docs/cron-jobs
 */
const crons = [
  { path: '/scheduled/reconcile', schedule: '* * * * *' },
  ...Object.entries<WorkflowConfig>(workflows)
    .flatMap(([name, { schedule }]) => schedule ? [{ path: `/scheduled/${name}`, schedule }] : []),
]

/**
 * Folders with workflows that are not in `server/workflows`, and a Nitro plugin `plugin.ts` that registers them.
 * The build of the tests adds one; a build without them knows nothing of it.
 */
const extensions = process.env.ATELIER_EXTENSIONS?.split(',') ?? []
/** A folder for a build that must not replace the product's own. */
const buildDir = process.env.ATELIER_BUILD_DIR

/** The Node.js of all functions, those of the workflows, too. */
const VERCEL_NODE = 'nodejs24.x'

/** What the page of the API loads of Swagger UI. Everything else of the package stays out, source maps of many megabytes, too. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js']

const nitro = {
  externals: {
    inline: [
      // Without it the production server dies at boot (Cannot find module '@workflow/core/dist/encryption.js').
      // Its Postgres world brings a drizzle of its own. That one's package.json of 177 kB would be read again
      // for each of its files, which takes half of the start.
      'workflow', '@workflow',
      // Packages of many small files: within the bundle they are resolved once, and what nobody uses is left out.
      // The server starts in half the time, and is 16 MB smaller.
      'drizzle-orm', 'postgres',
      '@octokit', '@discordjs', '@sapphire', '@vladfrangu', 'discord-api-types', 'magic-bytes.js', 'semver',
      'zod', 'p-limit', 'dataloader', 'transliteration',
    ],
  },
  workflow: { dirs: ['server/workflows', 'server/engine/steps', ...extensions], runtime: VERCEL_NODE },
  vercel: { config: { crons }, functions: { runtime: VERCEL_NODE } },
  ...buildDir && { output: { dir: `${buildDir}/output` } },
  // Not in server/plugins: functions on Vercel need these, too.
  plugins: [
    '~~/server/http/assign-request-id', '~~/server/http/page-policy', '~~/server/http/tracing',
    ...extensions.map(folder => `~~/${folder}/plugin`),
  ],
  errorHandler: '~~/server/error-handler',
  publicAssets: [{ dir: swaggerUi, baseURL: '/_docs', maxAge: 86400 }],
  ignore: [`${swaggerUi}/!(${SWAGGER_FILES.join('|')})`],
  routeRules: {
    '/**': {
      headers: {
        // Nothing but pages may load anything; these replace the policy by their own. No other site may frame the dashboard,
        // guess types, or learn its addresses.
        'content-security-policy': DENY_ALL,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      },
    },
  },
}

export default defineNuxtConfig({
  ...buildDir && { buildDir },
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
  hooks: {
    // There the server is functions that live for a request, and Vercel carries the runtime: nothing may be left to a plugin.
    'nitro:init'({ options }) {
      if (options.preset === 'vercel') options.plugins = options.plugins.filter(plugin => !plugin.includes('/server/plugins/'))
    },
  },
  eslint: { config: { stylistic: true } },
  icon: { clientBundle: { scan: true }, serverBundle: false, fallbackToApi: false },
})
