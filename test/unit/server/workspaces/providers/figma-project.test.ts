import { afterAll, beforeAll, expect, it } from 'vitest'
import { FIGMA_TEAM_ID, FIGMA_TOKEN } from '../../../../../emulators/defaults.ts'
import { start } from '../../../../../emulators/figma/index.ts'
import type { Emulator } from '../../../../../emulators/index.ts'
import type { ProviderError } from '../../../../../server/lib/errors.ts'
import { figmaProject } from '../../../../../server/workspaces/providers/figma-project/index.ts'
import type { Ensure } from '../../../../../server/workspaces/providers/index.ts'
import { temporaryFolder } from '../../../emulators/support/emulators.ts'

const folder = temporaryFolder()
let figma: Emulator
beforeAll(async () => {
  figma = await start({ dataDir: folder.path })
  Object.assign(process.env, { FIGMA_API_URL: figma.apiUrl, FIGMA_TOKEN, FIGMA_TEAM_ID })
})
afterAll(() => figma.close())

/** As the ledger does the first time, keeping nothing. */
const ensure: Ensure = async (_, maker) => await maker.find({ ours: false, others: [], runId: 'run' }) ?? maker.create()

it.for([[0, 5], [40, 5], [100, 10], [86_400, 60]])('after %i seconds of waiting it looks again in %i', async ([waited, again]) => {
  const createdAt = new Date(Date.now() - waited! * 1000)
  const asked = figmaProject.provision({
    parentRef: null, name: 'task/007-logo', title: 'Logo', marker: 'atelier:1', base: {}, options: {}, createdAt,
  }, ensure)
  const error = await asked.then(() => undefined, (error: unknown) => error as ProviderError)
  expect(error).toMatchObject({
    code: 'AWAITS_PERSON', retryable: true, fix: expect.stringContaining(`${figma.url}/files/team/${FIGMA_TEAM_ID}`),
  })
  expect(Math.round(error!.retryAfter! / 1000)).toBe(again)
})
