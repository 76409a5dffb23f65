import { build, createNitro, prepare } from 'nitropack'
import { fromRoot } from '../../scripts/lib/root.ts'

/** Inside the checkout, because the steps resolve the runtime's modules from it. */
const folder = fromRoot('node_modules', '.cache', 'atelier', 'bench-runtime')

/** The runtime's own section, which Nitro's types do not know. */
const workflow = { workflow: { dirs: ['bench/runtime/app/workflows', 'server/workflows', 'server/engine/steps'] } }

/** Builds a server with the five-step workflows of both variants. @returns its script */
export async function buildServer(): Promise<string> {
  const nitro = await createNitro({
    // Names of workflows are paths relative to this folder.
    rootDir: fromRoot(),
    srcDir: fromRoot('bench', 'runtime', 'app'),
    preset: 'node-server',
    modules: ['workflow/nitro'],
    ...workflow,
    externals: { inline: ['workflow', '@workflow/core', 'drizzle-orm', 'postgres', 'zod', 'p-limit', 'dataloader'] },
    compatibilityDate: '2026-11-01',
    buildDir: `${folder}/build`,
    output: { dir: `${folder}/output` },
    logLevel: 0,
  })
  await prepare(nitro)
  await build(nitro)
  await nitro.close()
  return `${folder}/output/server/index.mjs`
}
