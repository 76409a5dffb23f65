import { attempt, busy, comeBackFor } from '../../../ledger'
import { thisProcess } from '../../../ledger/process'
import { isBeingMade } from '../../../db/queries/removals'
import { CRASH_PROOF } from '../../../../workflows.config'
import { workOf } from '../things'
import type { TakeBackRef } from '../types'

/** Waits until no call of the cancelled run is out any more, so that what it made is known. */
export async function awaitLastCalls(course: TakeBackRef): Promise<void> {
  'use step'
  comeBackFor([await attempt(workOf(course), 'AWAIT_LAST_CALLS', 'main', async () => {
    if (await isBeingMade(course.courseId, thisProcess().id)) throw busy({ type: 'REPO', name: 'of the course' })
  })])
}
awaitLastCalls.maxRetries = CRASH_PROOF
