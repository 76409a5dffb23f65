import { findRunSubjects } from '../../../engine/queries/run-subjects'
import { findRun } from '../../../engine/queries/runs'
import { handle } from '../../../http/handle'
import { notFound } from '../../../http/problem'

export default handle('getRun', async ({ params }) => {
  const run = await findRun(params.id)
  if (!run) throw notFound('run', params.id)
  const subjects = await findRunSubjects([run.subjectId])
  return { ...run, subject: subjects.get(run.subjectId) ?? null }
})
