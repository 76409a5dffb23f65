import { defineEventHandler, readBody, setResponseStatus } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { EVERYTHING } from '../../server/db/scope'
import { startRun } from '../../server/engine/dispatch'
import { recordRun } from '../../server/engine/record'
import { registerSubjects } from '../../server/engine/subjects'
import { findRunSummary } from '../../server/engine/views'
import { authorize } from '../../server/http/access'
import { toAnswer } from '../../server/http/problem'
import { registerWorkflow } from '../../server/lib/workflow-configs'
import { demonstration, rollbackDemonstration } from './entry'
import { demonstrationSubject } from './subject'

/** Adds the demonstration to a server that was built with this folder as an extension, and a route that starts it. */
export default defineNitroPlugin((nitro) => {
  registerWorkflow('demonstration', demonstration)
  registerWorkflow('rollback-demonstration', rollbackDemonstration)
  registerSubjects(demonstrationSubject)
  nitro.router.use('/api/demonstrations', startDemonstration, 'post')
})

const startDemonstration = defineEventHandler(async (event) => {
  const actor = await authorize(event, 'operator')
  const { subjectId, ...input } = await readBody<{ subjectId: string }>(event)
  const outcome = await startRun({ actor: actor.id, request: 'demonstrate', body: input }, async (tx) => {
    const recorded = await recordRun(tx, { workflow: 'demonstration', subjectId, actor: actor.id, input })
    if (recorded.state === 'rejected') throw new Error('Another run is in the way.')
    return { id: subjectId, runId: recorded.runId, superseded: recorded.state === 'recorded' ? recorded.superseded : [] }
  }).catch((error: unknown) => {
    throw toAnswer(event, error)
  })
  setResponseStatus(event, 202)
  return outcome.state === 'started' ? findRunSummary(outcome.recorded.runId, EVERYTHING) : null
})
