import { findRunSubjects } from '../../engine/queries/run-subjects'
import { listRuns } from '../../engine/queries/runs'
import { handle } from '../../http/handle'

export default handle('listRuns', async ({ query }) => {
  const runs = await listRuns(query)
  const subjects = await findRunSubjects(runs.items.map(run => run.subjectId))
  return { ...runs, items: runs.items.map(run => ({ ...run, subject: subjects.get(run.subjectId) ?? null })) }
})
