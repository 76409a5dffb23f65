import { setResponseStatus } from 'h3'
import { insertReprovision } from '../../../db/queries/workspaces'
import { handle } from '../../../utils/handle'
import { knownWorkspace } from '../../../utils/known'
import { notFound } from '../../../utils/problem'
import { askProvider } from '../../../utils/real-state'
import { runsEnded } from '../../../utils/run-ended'
import { runActive } from '../../../utils/workspace-problems'
import { toWorkspace } from '../../../utils/workspace-view'
import { startRun } from '../../../workflows/start'

export default handle('reprovisionWorkspace', async ({ event, actor, params: { id } }) => {
  const workspace = await knownWorkspace(id)
  // Also of one that failed: a call that was lost may have made it, and a person removed it since.
  const { real } = await askProvider(workspace)
  const outcome = await startRun('provision-workspace', { actor: actor.id, request: `reprovision ${id}`, body: {} },
    async (tx) => {
      const inserted = await insertReprovision(tx, workspace, { actor: actor.id, isGone: real?.state === 'missing' })
      if ('refused' in inserted) throw inserted.refused === 'busy' ? runActive() : notFound('workspace', id)
      return { id, runId: inserted.runId }
    })
  if (outcome.state === 'started') await runsEnded([outcome.recorded.runId])
  const now = await toWorkspace(await knownWorkspace(id))
  if (now.status === 'ready') setResponseStatus(event, 201)
  return now
})
