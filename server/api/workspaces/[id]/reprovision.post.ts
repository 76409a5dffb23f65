import { setResponseStatus } from 'h3'
import { askProvider, insertReprovision, toWorkspace } from '../../../workspaces'
import { handle } from '../../../http/handle'
import { requireWorkspace } from '../../../http/require'
import { notFound, problem } from '../../../http/problem'
import { awaitRuns } from '../../../engine/await-runs'
import { startRun } from '../../../engine/dispatch'

export default handle('reprovisionWorkspace', async ({ event, actor, params: { id } }) => {
  const workspace = await requireWorkspace(id)
  // Also of one that failed: a call that was lost may have made it, and a person removed it since.
  const { observed } = await askProvider(workspace)
  const outcome = await startRun({ actor: actor.id, request: `reprovision ${id}`, body: {} },
    async (tx) => {
      const inserted = await insertReprovision(tx, workspace, { actor: actor.id, isGone: observed?.state === 'missing' })
      if ('refused' in inserted) throw inserted.refused === 'busy' ? problem('RUN_ACTIVE') : notFound('workspace', id)
      return { id, runId: inserted.runId }
    })
  if (outcome.state === 'started') await awaitRuns([outcome.recorded.runId])
  const now = await toWorkspace(await requireWorkspace(id))
  if (now.status === 'ready') setResponseStatus(event, 201)
  return now
})
