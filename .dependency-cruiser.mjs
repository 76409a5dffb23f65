/**
 * What may import what. `test/unit/layers.test.ts` runs these rules over the real import graph; `npx depcruise <folders>`
 * does the same by hand. Types count like values, except where a rule says otherwise: who needs the type of another
 * layer knows that layer.
 */

/** The parts of the server that no domain is made of; every other folder of it is a domain. */
const MACHINES = 'api|db|engine|http|ledger|lib|middleware|plugins|rate-limits|routes|workflows'
const DOMAIN = `^server/(?!(?:${MACHINES})/)([^/]+)/`
const DOMAIN_INDEX = '^server/[^/]+/index\\.ts$'
const ENTRIES = '^server/(?:api|http|routes|middleware|plugins)/'
const SERVICE_FOLDERS = '^server/lib/(?:github|discord|figma|huggingface|kv|sandbox)/'

const GITHUB_SDK = '^node_modules/@octokit/'
const DISCORD_SDK = '^node_modules/(?:@discordjs/|discord-api-types/)'
const SANDBOX_SDK = '^node_modules/@vercel/sandbox/'
const KV_SDK = '^node_modules/@vercel/kv/'
const SDKS = [GITHUB_SDK, DISCORD_SDK, '^node_modules/@vercel/']
const HTTP_SERVER = ['^node_modules/(?:h3|nitropack|nuxt)/', '^#imports$']
const DRIZZLE = '^node_modules/(?:drizzle-orm|postgres)/'

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-cycle', 'Files that need each other are one file, or lack a third one that both can use.',
      {}, { circular: true }),
    rule('no-unknown-module', 'A module that cannot be found would be invisible to all other rules.',
      {}, { couldNotResolve: true, pathNot: '^#' }),

    rule('app-without-server', 'The dashboard calls the API and nothing else.',
      { path: '^app/' }, { path: '^server/' }),
    rule('shared-is-pure', 'Browser and server use it alike.',
      { path: '^shared/' }, { path: '^(?:app|server)/' }),
    rule('shared-without-node', 'A browser has no modules of Node.',
      { path: '^shared/' }, { dependencyTypes: ['core'] }),
    rule('nothing-ships-with-tests', 'What ships must work without the tests.',
      { path: '^(?:app|server|shared|emulators|scripts|bench)/' }, { path: '^test/' }),
    rule('emulators-stand-alone', 'An emulator speaks the protocol of its service, and knows nothing of Atelier.',
      { path: '^emulators/' }, { path: '^(?:app|server|shared)/|^workflows\\.config\\.ts$' }),

    rule('workflow-body', 'A body runs inside the sandbox of the runtime: it has its steps and types, and what the engine offers bodies.',
      { path: '^server/workflows/([^/]+)/workflow\\.ts$' },
      {
        pathNot: [
          '^node_modules/workflow/', '^server/workflows/$1/(?:steps/|types\\.ts$)', '^shared/', '^workflows\\.config\\.ts$',
          '^server/engine/workflow\\.ts$', '^server/ledger/index\\.ts$',
        ],
      }),
    rule('workflow-body-without-ledger', 'A body may name types of the ledger; only steps use it.',
      { path: '^server/workflows/[^/]+/workflow\\.ts$' }, { path: '^server/ledger/', dependencyTypesNot: ['type-only'] }),
    rule('steps-without-http', 'A step runs without a request, and calls services through the clients in lib.',
      { path: '^server/(?:workflows|engine/steps)/' }, { path: [...HTTP_SERVER, ...SDKS, ENTRIES] }),

    rule('lib-is-stateless', 'lib is reusable: it has no database, no engine and no domain.',
      { path: '^server/lib/' }, { path: '^server/', pathNot: '^server/lib/' }),
    rule('lib-without-http', 'lib has no HTTP server.',
      { path: '^server/lib/' }, { path: HTTP_SERVER }),
    rule('db-is-the-bottom', 'The database knows nothing of what is stored in it.',
      { path: '^server/db/' }, { path: '^server/', pathNot: ['^server/(?:db|lib)/', '^server/rate-limits/state\\.ts$'] }),
    rule('engine-without-domains', 'Runs, resources and limits refer to a domain by its subject, and to a service by its name.',
      { path: '^server/(?:engine|ledger|rate-limits)/' }, { path: [DOMAIN, SERVICE_FOLDERS, '^server/registry\\.ts$'] }),
    rule('engine-without-http', 'The engine, the ledger and the rate limits serve requests, schedules and the watchdog alike.',
      { path: '^server/(?:engine|ledger|rate-limits)/' }, { path: [...HTTP_SERVER, ENTRIES, '^server/workflows/'] }),
    rule('ledger-without-engine', 'The engine uses the ledger, not the other way round.',
      { path: '^server/(?:ledger|rate-limits)/' }, { path: '^server/engine/' }),
    rule('rate-limits-without-ledger', 'The ledger uses the rate limits, not the other way round.',
      { path: '^server/rate-limits/' }, { path: '^server/ledger/' }),
    rule('registry-knows-the-domains', 'What all handlers share knows domains only through the registry.',
      { path: '^server/http/' }, { path: DOMAIN }),
    rule('domain-by-its-index', 'The index of a domain is all that others see of it.',
      { path: `^server/([^/]+)/|^server/[^/]+\\.ts$` }, { path: DOMAIN, pathNot: [DOMAIN_INDEX, '^server/$1/'] }),
    rule('domain-without-api', 'A domain does not know who asks.',
      { path: DOMAIN }, { path: '^server/(?:api|routes|middleware|plugins|workflows)/' }),
    rule('provider-stands-alone', 'A provider can be removed with its folder.',
      { path: '^server/workspaces/providers/([^/]+)/' },
      { path: '^server/workspaces/providers/[^/]+/', pathNot: '^server/workspaces/providers/$1/' }),

    rule('sql-in-queries', 'Each SQL sentence stands in a queries file of its domain, of the engine or of the ledger.',
      { path: '^server/', pathNot: ['^server/db/', '/queries/', '/queries\\.ts$'] }, { path: DRIZZLE }),
    rule('github-sdk-in-its-folder', 'Only lib/github calls GitHub.',
      { path: '^server/', pathNot: '^server/lib/github/' }, { path: GITHUB_SDK }),
    rule('discord-sdk-in-its-folder', 'Only lib/discord calls Discord.',
      { path: '^server/', pathNot: '^server/lib/discord/' }, { path: DISCORD_SDK }),
    rule('kv-sdk-in-its-folder', 'Only lib/kv calls KV.',
      { path: '^server/', pathNot: '^server/lib/kv/' }, { path: KV_SDK }),
    rule('sandbox-sdk-in-its-folder', 'Only lib/sandbox runs sandboxes.',
      { path: '^server/', pathNot: '^server/lib/sandbox/' }, { path: SANDBOX_SDK }),
    rule('rest-in-its-folders', 'Services without a client of their own for HTTP are called in their own folders.',
      { path: '^server/', pathNot: '^server/lib/(?:huggingface|figma|kv|sandbox)/' }, { path: '^server/lib/rest\\.ts$' }),
    rule('tracing-sdk-in-its-folder', 'Only lib/tracing exports spans, and loads the SDK for it.',
      { path: '^server/', pathNot: '^server/lib/tracing/' }, { path: '^node_modules/@opentelemetry/(?!api/)' }),
    rule('runtime-behind-its-adapter', 'Only the adapter speaks to the workflow runtime.',
      { path: '^server/', pathNot: '^server/engine/runtime/' },
      { path: '^node_modules/(?:workflow/dist/(?:api|runtime)\\.|@workflow/core/)' }),
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: '.nuxt/tsconfig.app.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
