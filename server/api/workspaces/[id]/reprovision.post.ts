import { setResponseStatus } from 'h3'
import { insertReprovision } from '../../../db/queries/workspaces'
import { handle } from '../../../utils/handle'
import { knownWorkspace } from '../../../utils/known'
import { problem } from '../../../utils/problem'
import { realStateOf } from '../../../utils/real-state'
import { runsEnded } from '../../../utils/run-ended'
import { toWorkspace } from '../../../utils/workspace-view'
import { startRun } from '../../../workflows/start'

export default handle('reprovisionWorkspace', async ({ event, actor, params: { id } }) => {
  const workspace = await knownWorkspace(id)
  const { real } = await realStateOf(workspace)
  const outcome = await startRun('provision-workspace', { actor: actor.id, request: `reprovision ${id}`, body: {} },
    tx => insertReprovision(tx, workspace, { actor: actor.id, isGone: real?.state === 'missing' }).then((runId) => {
      if (!runId) throw underWay()
      return { id, runId }
    }))
  if (outcome.state === 'started') await runsEnded([outcome.recorded.runId])
  const now = await toWorkspace(await knownWorkspace(id))
  if (now.status === 'ready') setResponseStatus(event, 201)
  return now
})

const underWay = () => problem({
  status: 409,
  code: 'RUN_ACTIVE',
  detail: 'A run is at this workspace already.',
  why: 'Two runs for one workspace at the same time would get in each other\'s way.',
  fix: 'Wait until it is over: what fails is tried again by itself; or cancel it first.',
})
