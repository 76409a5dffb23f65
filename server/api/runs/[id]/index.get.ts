import { findRunSubjects } from '../../../db/queries/run-subjects'
import { findRun } from '../../../db/queries/runs'
import { handle } from '../../../utils/handle'
import { notFound } from '../../../utils/problem'

export default handle('getRun', async ({ params }) => {
  const run = await findRun(params.id)
  if (!run) throw notFound('run', params.id)
  const subjects = await findRunSubjects([run.subjectId])
  return { ...run, subject: subjects.get(run.subjectId) ?? null }
})
