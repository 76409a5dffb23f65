import withNuxt from './.nuxt/eslint.config.mjs'

export default withNuxt({
  name: 'atelier/short-lines',
  rules: { '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true }] },
})
