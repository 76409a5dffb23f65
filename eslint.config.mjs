import withNuxt from './.nuxt/eslint.config.mjs'

/** Files that still have longer lines. */
const WITH_LONG_LINES = [
  'test/{e2e,chaos,browser,demonstration,support}/**',
  'test/unit/server/{engine,ledger,support,workspaces}/**',
]

export default withNuxt({
  name: 'atelier/short-lines',
  ignores: WITH_LONG_LINES,
  rules: { '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true }] },
})
