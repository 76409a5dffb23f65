import { attempt, busy, retryWhenDue } from '../../../ledger'
import { thisProcess } from '../../../lib/process'
import { isBeingCreated } from '../../../ledger/queries/removals'
import { UNLIMITED_RETRIES } from '../../../../workflows.config'
import { workOf } from '../../../courses/provisioning/rollback'
import type { RollbackRef } from '../types'

/** Waits until no call of the cancelled run is out any more, so that what it made is known. */
export async function awaitLastCalls(course: RollbackRef): Promise<void> {
  'use step'
  retryWhenDue([await attempt(workOf(course), 'AWAIT_LAST_CALLS', 'main', async () => {
    if (await isBeingCreated(course.courseId, thisProcess().id)) throw busy({ type: 'REPO', name: 'of the course' })
  })])
}
awaitLastCalls.maxRetries = UNLIMITED_RETRIES
